import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { describeWith } from '../support/needs.ts';
import { render, type Values } from './helm.ts';
import { valueAt, findManifest, getManifest, workload, type Manifest } from './manifests.ts';

const name = 'gateway-service-reconcile';
const operating = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');

describeWith('helm', 'charts: the reconciler', () => {
  const rendered = (reconcile: Values = {}) => render('gateway-service', { reconcile });
  const cronJob = (settings: Values = {}) => getManifest(rendered({ cronJob: settings }), 'CronJob', name);
  const pods = (settings: Values = {}) => workload(rendered({ cronJob: settings }), 'CronJob', name);

  it('runs in the gateway unless disabled', () => {
    const data = (values: Values) => getManifest(rendered(values), 'ConfigMap', 'gateway-service').data;
    expect(data({})).to.include({ RECONCILE: 'true' });
    expect(data({ enabled: false })).to.include({ RECONCILE: 'false' });
  });

  it('has a CronJob that is suspended unless enabled', () => {
    expect(cronJob().spec).to.include({ suspend: true, concurrencyPolicy: 'Forbid' });
    const schedule = '@hourly';
    expect(cronJob({ enabled: true, schedule }).spec).to.include({ suspend: false, schedule });
  });

  it('has Jobs with a deadline, which are not retried after exit code 1', () => {
    const settings = { backoffLimit: 5, activeDeadlineSeconds: 60, successfulJobsHistoryLimit: 0 };
    const { spec } = cronJob(settings);
    expect(spec).to.include({ successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 3 });
    expect(valueAt(spec, 'jobTemplate.spec')).to.include({ backoffLimit: 5, activeDeadlineSeconds: 60 });
    expect(valueAt(spec, 'jobTemplate.spec.podFailurePolicy.rules')).to.deep.equal([
      { action: 'FailJob', onExitCodes: { containerName: 'reconcile', operator: 'In', values: [1] } },
    ]);
  });

  it('has Jobs that scan once, with the image, environment and token of the gateway', () => {
    const { container } = pods();
    const server = workload(rendered(), 'Deployment', 'gateway-service').container;
    expect(container.command).to.deep.equal(['node', 'services/gateway/dist/reconcile.js']);
    expect(container).not.to.have.property('args');
    expect(container.image).to.equal(server.image);
    expect(container.envFrom).to.deep.equal(server.envFrom);
    expect(container.env).to.deep.include.members(server.env!);
    expect(pods({ args: ['--dry-run'] }).container.args).to.deep.equal(['--dry-run']);
  });

  it('has Jobs with a heap below their memory limit', () => {
    const heap = (memory: string) =>
      pods({ resources: { limits: { memory } } }).container.env?.find((variable) => variable.name === 'NODE_OPTIONS');
    expect(heap('384Mi')?.value).to.equal('--max-old-space-size=256');
    expect(heap('3Gi')?.value).to.equal('--max-old-space-size=2048');
  });

  it('has a policy unless they are disabled', () => {
    expect(findManifest(rendered(), 'NetworkPolicy', 'gateway-service.reconcile')).to.exist;
    const without = render('gateway-service', { networkPolicy: { enabled: false } });
    expect(findManifest(without, 'NetworkPolicy')).to.be.undefined;
  });

  it('accepts other arguments through the patch of docs/operating.md', () => {
    const [, patch] = /--patch "\[(.*)\]"/.exec(operating)!;
    const { op, path, value } = parse(patch!.replaceAll('\\"', '"').replace('$argument', 'x')) as Record<
      string,
      unknown
    >;
    expect([op, value]).to.deep.equal(['add', ['x']]);
    const container = (path as string).split('/').slice(1, -1).join('.');
    expect(valueAt(valueAt(cronJob().spec, 'jobTemplate'), container)).to.deep.equal(pods().container);
    expect(operating).to.include(`--from "cronjob/${name}"`);
  });

  describe('alerts', () => {
    const alertsOf = (manifests: Manifest[]) =>
      valueAt(getManifest(manifests, 'PrometheusRule').spec, 'groups.0.rules') as {
        alert: string;
        expr: string;
        annotations: { summary: string; description: string };
      }[];
    const alerts = (reconcile: Values) =>
      alertsOf(render('gateway-service', { prometheusRule: { enabled: true }, reconcile })).filter(({ alert }) =>
        /^(Reconcile|HalfClaims)/.test(alert),
      );
    const names = (reconcile: Values) => alerts(reconcile).map(({ alert }) => alert);

    it('cover the gateway and the Jobs if these are enabled', () => {
      const ofGateway = ['ReconcilerTripped', 'ReconcilerLags', 'HalfClaimsKeepComing', 'HalfClaimsStay'];
      expect(names({})).to.deep.equal(ofGateway);
      expect(names({ cronJob: { enabled: true } })).to.deep.equal([...ofGateway, 'ReconcileJobFailed']);
      expect(names({ enabled: false })).to.deep.equal([]);
      expect(names({ enabled: false, cronJob: { enabled: true } })).to.deep.equal(['ReconcileJobFailed']);
    });

    it('use metrics of the gateway', () => {
      const source = readFileSync(new URL('../../services/gateway/src/observeReconciler.ts', import.meta.url), 'utf8');
      const used = alerts({}).flatMap(({ expr }) => expr.match(/attendance_\w+/g) ?? []);
      expect(used).to.have.length.above(4);
      for (const metric of used) expect(source).to.include(`'${metric}'`);
    });

    it('have a summary, and a description that refers to headings of docs/operating.md', () => {
      for (const { alert, annotations } of alerts({ cronJob: { enabled: true } })) {
        expect(annotations.summary, alert).to.have.length.within(20, 100);
        expect(annotations.description, alert).to.have.length.above(100);
      }
      const headings = [...operating.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
      for (const { annotations } of alerts({ cronJob: { enabled: true } }))
        for (const [, heading] of annotations.description
          .replaceAll('\n', ' ')
          .matchAll(/docs\/operating\.md, "(.*?)"/g))
          expect(headings).to.include(heading);
    });
  });
});
