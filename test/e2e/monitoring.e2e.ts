import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { alerts } from '../charts/alerts.ts';
import { eventually } from './support/cluster.ts';
import { forward, type Forwarded } from './support/portForward.ts';

type Sample = { metric: Record<string, string>; value: [time: number, value: string] };

/** Returns the queries of the dashboard, with values for Grafana's variables. */
function dashboardQueries(): string[] {
  const text = readFileSync(new URL('../../charts/gateway-service/files/dashboard.json', import.meta.url), 'utf8');
  const withValues = text.replaceAll('$namespace', 'attendance').replaceAll('$__rate_interval', '1m');
  return [...withValues.matchAll(/"expr": (".*")/g)].map(([, expr]) => JSON.parse(expr!) as string);
}

describe('Prometheus', () => {
  let prometheus: Forwarded;
  let gateway: Forwarded;

  before(async () => {
    prometheus = await forward('service/prometheus', 9090, 'monitoring');
    gateway = await forward('service/gateway-service', 8090);
  });

  after(() => Promise.all([prometheus.stop(), gateway.stop()]));

  async function callApi<T>(path: string): Promise<T> {
    const answer = await fetch(`${prometheus.url}/api/v1/${path}`);
    const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${error}`);
    return data;
  }

  const query = async (expression: string) =>
    (await callApi<{ result: Sample[] }>(`query?query=${encodeURIComponent(expression)}`)).result;

  const valueOf = async (expression: string) => Number((await query(expression))[0]?.value[1] ?? 0);

  it('scrapes each pod of the three services once', async () => {
    await eventually('three targets, all of them up', 60, async () => {
      const targets = await query('up{namespace="attendance"}');
      return targets.length === 3 && targets.every(({ value }) => value[1] === '1');
    });
    const services = (await query('count by (service) (process_start_time_seconds)')).map(
      ({ metric }) => metric.service,
    );
    expect(services.sort()).to.deep.equal(['author', 'conference', 'gateway']);
  });

  it('counts requests by route template', async () => {
    const counter =
      'sum(http_request_duration_seconds_count{service="gateway",method="GET",route="/author",status="200"})';
    const before = await valueOf(counter);
    for (let i = 0; i < 5; i++) expect((await fetch(`${gateway.url}/author?limit=1`)).status).to.equal(200);
    await eventually('the counter is five higher', 60, async () => (await valueOf(counter)) >= before + 5);
    const atAuthor = 'sum(http_request_duration_seconds_count{service="author",route="/author"})';
    expect(await valueOf(atAuthor)).to.be.at.least(5);
  });

  it('runs the queries of the alerts and the dashboard on existing metrics', async () => {
    const known = await callApi<Record<string, unknown>>('metadata');
    const queries = [...alerts().map(({ expr }) => expr), ...dashboardQueries()];
    expect(queries).to.have.length.above(30);
    for (const expr of queries) {
      await query(expr);
      const metrics = [...expr.matchAll(/(\w+)\{/g)].map(([, name]) => name!.replace(/_(bucket|count|sum)$/, ''));
      expect(metrics, expr).to.not.be.empty;
      // kube-state-metrics is not installed
      for (const metric of metrics) if (!metric.startsWith('kube_')) expect(known, expr).to.have.property(metric);
    }
  });

  it('finds the pods of each service in the series that ServiceDown names', async () => {
    const down = alerts().filter(({ alert }) => alert === 'ServiceDown');
    expect(down).to.have.length(3);
    for (const { expr } of down) expect(await query(expr), expr).to.deep.equal([]);
  });
});
