import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { alerts, type Alert } from '../../test/charts/alerts.ts';
import { namespace } from '../../test/charts/helm.ts';

/** The value of a series at each minute; undefined if the series is absent. */
type Value = number | ((minute: number) => number | undefined);
type Pod = Record<string, Value>;
/** After this many minutes with these pods, the alert `fires`, or has been `quiet` all the time. */
type Case = [expectation: 'fires' | 'quiet', minutes: number, when: string, ...pods: Pod[]];

const until = (end: number, value: number) => (minute: number) => (minute < end ? value : undefined);
const rising = (step: number) => (minute: number) => 7 + step * minute;
/** Creates counters that differ in one label; a number is the increase per minute. */
const counting = (metric: string, label: string) => (counts: Pod) => {
  const series = ([value, count]: [string, Value]) =>
    [`${metric}{${label}="${value}"}`, typeof count === 'number' ? rising(count) : count] as const;
  return Object.fromEntries(Object.entries(counts).map(series));
};

const started = 'process_start_time_seconds';
const requests = counting('http_request_duration_seconds_count', 'status');
const within = counting('http_request_duration_seconds_bucket', 'le');
const shed = 'http_requests_shed_total';
const refused = counting('http_connections_refused_total', 'reason');
const loop = 'nodejs_eventloop_lag_p99_seconds';
const connections = (state: string) => `database_pool_connections{state="${state}"}`;
const toAuthor = counting('downstream_request_duration_seconds_count', 'downstream="author",outcome');
const toConference = counting('downstream_request_duration_seconds_count', 'downstream="conference",outcome');
const mismatch = counting('downstream_mismatch', 'downstream="author-service",what');
const linesDropped = 'log_lines_dropped_total';
const tokenFailures = counting('http_token_failures_total', 'reason');
const adds = counting('attendance_adds_total', 'outcome');
const withdrawals = counting('attendance_withdrawals_total', 'outcome');
const tripped = 'attendance_reconciler_tripped';
const lag = 'attendance_reconciler_lag_seconds';
const reconciled = 'attendance_scans_total{outcome="reconciled"}';
const notAnswered = 'attendance_scans_total{outcome="unanswered"}';
const half = 'attendance_half_claims';
const oldest = 'attendance_half_claims_oldest_seconds';
const dropped = counting('attendance_claims_dropped_total', 'reason');
const failed = (job: string) => `kube_job_failed{job_name="${job}",condition="true"}`;
const job = 'gateway-service-reconcile-29';

const scanning: Pod = { [lag]: 60, [reconciled]: rising(1) };
const scanningFor25: Pod = { [lag]: (minute) => 60 * (minute % 25), [reconciled]: (minute) => Math.floor(minute / 25) };
const unanswered: Pod = { [lag]: rising(60), [reconciled]: rising(0), [notAnswered]: rising(1) };
const everyTen = (minute: number) => minute % 10;
const restarting: Pod = { [lag]: (minute) => 60 * everyTen(minute), [reconciled]: 0, [notAnswered]: everyTen };

const table: Record<string, Case[]> = {
  ServiceDown: [
    ['fires', 8, 'its last pod is gone', { [started]: until(5, 1) }],
    ['quiet', 8, 'one pod remains', { [started]: until(5, 1) }, { [started]: 1 }],
  ],
  ServiceErrors: [
    ['fires', 15, '2 % of the answers are 5xx', requests({ 200: 98, 500: 1 }), requests({ 503: 1 })],
    ['quiet', 15, '0.5 % are 5xx, the others 404', requests({ 404: 995, 500: 5 })],
    ['quiet', 15, 'there are no requests', requests({ 200: 0, 500: 0 })],
  ],
  ServiceSlow: [
    ['fires', 20, '2 % of the requests take longer', within({ 0.5: 90, 1: 98, 2.5: 100, '+Inf': 100 })],
    ['quiet', 20, '0.5 % take longer', within({ 0.5: 900, 1: 995, 2.5: 1000, '+Inf': 1000 })],
  ],
  ServiceOverloaded: [
    ['fires', 15, 'one of two pods rejects requests', { [shed]: rising(1) }, { [shed]: 0 }],
    ['fires', 15, 'connections are refused', { [shed]: 0, ...refused({ connection_limit: 1 }) }],
    ['quiet', 15, 'a pod rejected requests earlier', { [shed]: rising(0) }],
    ['quiet', 15, 'clients send no HTTP', { [shed]: 0, ...refused({ connection_limit: 0, invalid_request: 9 }) }],
  ],
  EventLoopLag: [
    ['fires', 15, 'one of two pods lags', { [loop]: 0.3 }, { [loop]: 0.01 }],
    ['quiet', 15, 'a pod lagged for five minutes', { [loop]: (minute) => (minute < 5 ? 0.3 : 0.01) }],
  ],
  LogLinesDropped: [
    ['fires', 20, 'a pod drops lines', { [linesDropped]: rising(1) }, { [linesDropped]: 0 }],
    ['quiet', 20, 'a pod dropped lines earlier', { [linesDropped]: 7 }],
  ],
  DatabasePoolExhausted: [
    ['fires', 10, 'a statement waits', { [connections('waiting')]: 1 }, { [connections('waiting')]: 0 }],
    ['quiet', 10, 'all connections are used', { [connections('waiting')]: 0, [connections('used')]: 16 }],
  ],
  WrongServiceTokens: [
    ['fires', 20, 'one pod is sent wrong tokens', tokenFailures({ wrong: 1 }), tokenFailures({ wrong: 0 })],
    ['quiet', 20, 'requests have no token', tokenFailures({ missing: 1, wrong: 0 })],
  ],
  ServicesDisagree: [
    ['fires', 5, 'one of two gateways has another token', mismatch({ token: () => 1 }), mismatch({ token: () => 0 })],
    ['quiet', 5, 'they disagreed for a minute', mismatch({ token: (minute) => (minute < 1 ? 1 : 0) })],
  ],
  OwnerServiceFails: [
    [
      'fires',
      10,
      'an owner service fails in 10 % of the calls',
      toAuthor({ 200: 9, not_executed: 1 }),
      toConference({ 200: 99 }),
    ],
    ['quiet', 10, 'an owner service fails in 1 %', toAuthor({ 200: 99, unknown: 1 })],
    ['quiet', 10, 'an owner service answers not_found', toAuthor({ not_found: 9 })],
  ],
  AddsUnknown: [
    ['fires', 20, '1 % of the adds are unknown', adds({ added: 99, unknown: 1 })],
    ['quiet', 20, 'adds were unknown earlier', adds({ added: 99, unknown: 0 })],
  ],
  WithdrawalsFail: [
    ['fires', 20, '10 % of the withdrawals fail', withdrawals({ retired: 9, unknown: 1 })],
    ['quiet', 20, 'withdrawals failed earlier', withdrawals({ retired: 9, unknown: 0 })],
  ],
  ReconcilerTripped: [
    ['fires', 20, 'one of two is tripped', { [tripped]: 0 }, { [tripped]: 1 }],
    ['quiet', 20, 'it was tripped for ten minutes', { [tripped]: (minute) => (minute < 10 ? 1 : 0) }],
  ],
  ReconcilerLags: [
    ['fires', 95, 'no scan is answered', unanswered, unanswered],
    ['fires', 95, 'a transaction stays open', { ...scanning, [lag]: rising(60) }],
    ['fires', 40, 'all restart before a scan ends', restarting, restarting],
    ['fires', 95, 'one restarts, the other is not answered', restarting, unanswered],
    ['quiet', 240, 'one of three scans', restarting, unanswered, scanning],
    ['quiet', 240, 'all restart, but scans complete', { ...restarting, [reconciled]: everyTen }],
    ['quiet', 240, 'it is new, and a scan takes 25 minutes', scanningFor25],
    ['quiet', 240, 'it has tripped', { ...unanswered, [tripped]: 1 }],
  ],
  HalfClaimsKeepComing: [
    ['fires', 200, '180 are dropped per hour', dropped({ half: 3 })],
    ['quiet', 300, '500 are dropped after a crash', dropped({ half: (minute) => (minute < 30 ? 0 : 500) })],
    ['quiet', 300, 'the dropped claims are not half claims', dropped({ half: 0, entity_deleted: 9, surplus: 9 })],
  ],
  HalfClaimsStay: [
    ['fires', 80, 'none is dropped', { [half]: 3, [oldest]: 900, ...dropped({ half: 0, surplus: 1 }) }],
    ['fires', 130, 'one claim stays, others are dropped', { [half]: 3, [oldest]: rising(60), ...dropped({ half: 1 }) }],
    ['quiet', 240, 'all are dropped', { [half]: 3, [oldest]: 0, ...dropped({ half: 1 }) }],
    ['quiet', 240, 'another pod sees none', { [half]: 3, [oldest]: 900, ...dropped({ half: 0 }) }, { [half]: 0 }],
    ['quiet', 240, 'it has tripped', { [half]: 3, [oldest]: rising(60), ...dropped({ half: 0 }), [tripped]: 1 }],
  ],
  ReconcileJobFailed: [
    ['fires', 20, 'one of two Jobs has failed', { [failed(job)]: 1, [failed(`${job}0`)]: 0 }],
    [
      'quiet',
      30,
      'the failed Job is deleted, and a Job of another name has failed',
      { [failed(job)]: until(10, 1), [failed('other')]: 1 },
    ],
  ],
};

/** Creates promtool's test of a case of an alert, with series of a namespace. */
function testOf(
  { alert, labels: { service } }: Alert,
  [expectation, minutes, when, ...pods]: Case,
  inNamespace = namespace,
) {
  const minuteByMinute = (value: Value) => {
    const values = Array.from({ length: minutes + 1 }, (_, i) => (typeof value === 'number' ? value : value(i)));
    return values.map((value) => value ?? 'stale').join(' ');
  };
  const seriesOf = (pod: Pod, i: number) =>
    Object.entries(pod).map(([series, value]) => {
      const [name = '', labels = ''] = series.split(/[{}]/);
      // metrics of kube-state-metrics have no label `service`
      const common = name.startsWith('kube_') ? '' : `service="${service}",pod="${i}",`;
      return { series: `${name}{namespace="${inNamespace}",${common}${labels}}`, values: minuteByMinute(value) };
    });
  const firing = `ALERTS{alertname="${alert}",service="${service}",alertstate="firing"}`;
  const expected =
    expectation === 'fires'
      ? { expr: `count(${firing})`, exp_samples: [{ labels: '{}', value: 1 }] }
      : { expr: `count(max_over_time(${firing}[1d]))`, exp_samples: [] };
  const promql_expr_test = [{ ...expected, eval_time: `${minutes}m` }];
  const name = `${inNamespace === namespace ? '' : 'elsewhere: '}${expectation}: ${when}`;
  return { name, interval: '1m', input_series: pods.flatMap(seriesOf), promql_expr_test };
}

describeWith('helm', 'charts: alerts', () => {
  it('each have a case that fires and one that is quiet', () => {
    expect(Object.keys(table)).to.have.members([...new Set(alerts().map(({ alert }) => alert))]);
    for (const [alert, cases] of Object.entries(table)) {
      const expectations = new Set(cases.map(([expectation]) => expectation));
      expect([...expectations], alert).to.have.members(['fires', 'quiet']);
    }
  });

  // promtool is part of Debian's package `prometheus`
  describeWith('promtool', 'evaluated by promtool', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'alerts-'));
    });
    after(() => folder && rmSync(folder, { recursive: true }));

    for (const [alert, cases] of Object.entries(table))
      it(`${alert} fires, and is quiet, in ${cases.length} cases, and ignores other namespaces`, () => {
        const rules = alerts().filter((rule) => rule.alert === alert);
        const elsewhere = alert === 'ServiceDown' ? 'fires' : 'quiet';
        const tests = rules.flatMap((rule) => [
          ...cases.map((one) => testOf(rule, one)),
          ...cases.map(([, ...rest]) => testOf(rule, [elsewhere, ...rest], 'elsewhere')),
        ]);
        writeFileSync(join(folder, 'rules'), JSON.stringify({ groups: [{ name: alert, rules }] }));
        writeFileSync(join(folder, 'tests'), JSON.stringify({ rule_files: ['rules'], tests }));
        const options = { cwd: folder, encoding: 'utf8' } as const;
        const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'tests'], options);
        expect(status, stdout + stderr).to.equal(0);
      });
  });
});
