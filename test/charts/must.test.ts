import { createTimes } from '@attendance/common/times';
import { hardDeadline } from '@attendance/common/runtime/lifecycle';
import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { charts, render } from './helm.ts';
import { at, isHook, workloadsOf, type EnvironmentVariable, type Workload } from './manifests.ts';
import { variants } from './variants.ts';

const names = charts.flatMap((chart) => Object.keys(variants[chart]).map((variant) => ({ chart, variant })));
const isServer = ({ manifest }: Workload) => ['Deployment', 'StatefulSet'].includes(manifest.kind);
const isScheduled = ({ manifest }: Workload) => manifest.kind === 'CronJob';
const isNode = ({ labels }: Workload) => labels['app.kubernetes.io/name'] !== 'postgres';
const mebibytes = (quantity: string) => parseInt(quantity) * (quantity.endsWith('Gi') ? 1024 : 1);

/** What has to be true of every pod, and where it is not of every pod, of which. */
const rules: Record<string, (workload: Workload) => void> = {
  'is "restricted" in the terms of Pod Security': ({ pod }) => {
    expect(pod.securityContext).to.include({ runAsNonRoot: true }).and.to.have.property('runAsUser').above(0);
    expect(pod.securityContext).to.have.nested.property('seccompProfile.type', 'RuntimeDefault');
    expect(pod).not.to.have.any.keys('hostNetwork', 'hostPID', 'hostIPC', 'initContainers');
    for (const { securityContext, ports } of pod.containers) {
      expect(securityContext).to.deep.include({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
      expect(ports ?? []).to.satisfy((all: object[]) => all.every((port) => !('hostPort' in port)));
    }
    for (const { name, ...kind } of pod.volumes ?? [])
      expect(['configMap', 'emptyDir'], `volume ${String(name)}`).to.include(Object.keys(kind)[0]);
  },
  'has no token of the API server and no service links': ({ pod }) =>
    expect(pod).to.include({ automountServiceAccountToken: false, enableServiceLinks: false }),
  'requests resources, is limited in memory and not in CPU': ({ pod }) => {
    for (const { resources } of pod.containers) {
      expect(resources?.requests).to.have.all.keys('cpu', 'memory');
      expect(resources?.limits).to.have.all.keys('memory');
    }
  },
  'has the recommended labels': ({ labels, manifest }) => {
    const names = (all: string[]) => all.map((name) => `app.kubernetes.io/${name}`);
    const always = ['name', 'instance', 'component', 'part-of'];
    expect(labels).to.include.all.keys(names(always));
    expect(manifest.metadata.labels).to.include.all.keys([
      'helm.sh/chart',
      ...names([...always, 'version', 'managed-by']),
    ]);
  },
  'takes every password and token from a secret': ({ pod }) => {
    const literal = ({ name, value }: EnvironmentVariable) => /PASSWORD|TOKEN/.test(name) && value !== undefined;
    expect(pod.containers.flatMap(({ env }) => env ?? []).filter(literal)).to.deep.equal([]);
  },
  'pulls an image only if it is not there': ({ pod }) => {
    for (const { imagePullPolicy } of pod.containers) expect(imagePullPolicy).to.equal('IfNotPresent');
  },
  'ends by itself, if it is a Job or a test': (workload) => {
    if (isServer(workload)) return;
    expect(workload.pod.restartPolicy).to.equal('Never');
    const job = isScheduled(workload) ? at(workload.manifest.spec, 'jobTemplate.spec') : workload.manifest.spec;
    expect(at(job, 'activeDeadlineSeconds')).to.be.above(0);
  },
  'is made anew by each release, if it is a Job or a test that Helm makes': (workload) => {
    if (isServer(workload) || isScheduled(workload)) return;
    expect(workload.manifest.metadata.annotations).to.include({
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
    expect(isHook(workload.manifest)).to.be.true;
  },
  'has more time to stop than it takes, if it is a service': (workload) => {
    if (!isServer(workload) || !isNode(workload)) return;
    expect(workload.pod.terminationGracePeriodSeconds).to.be.above(hardDeadline(createTimes()) / 1000 + 5);
    expect(workload.container).not.to.have.property('lifecycle');
  },
};

describeWith('helm', 'what every workload must have', () => {
  const rendered = () =>
    names.map(({ chart, variant }) => ({ variant, workloads: workloadsOf(render(chart, variants[chart][variant])) }));
  let all: ReturnType<typeof rendered>;
  before(() => void (all = rendered()));

  const each = (check: (workload: Workload, variant: string) => void) => () => {
    for (const { variant, workloads } of all)
      for (const workload of workloads)
        try {
          check(workload, variant);
        } catch (error) {
          throw new Error(`${workload.title}, ${variant}: ${(error as Error).message}`, { cause: error });
        }
  };

  it('is looked for in servers, migrations, the setup, the reconciler and the tests of all charts', () => {
    const titles = new Set(all.flatMap(({ workloads }) => workloads.map(({ title }) => title)));
    expect([...titles].sort()).to.deep.equal([
      'CronJob gateway-service-reconcile',
      'Deployment author-service',
      'Deployment conference-service',
      'Deployment gateway-service',
      'Job author-service-migration',
      'Job conference-service-migration',
      'Job postgres-setup',
      'Pod author-service-test',
      'Pod conference-service-test',
      'Pod gateway-service-test',
      'Pod postgres-test',
      'StatefulSet postgres',
    ]);
  });

  for (const [rule, check] of Object.entries(rules)) it(`every pod ${rule}`, each(check));

  it(
    'every pod has a root file system that it cannot write to, but for one that is developed in',
    each(({ pod }, variant) => {
      const readOnly = (container: (typeof pod.containers)[number]) =>
        container.securityContext?.readOnlyRootFilesystem === true;
      if (variant !== 'while it is developed') expect(pod.containers.every(readOnly)).to.be.true;
    }),
  );

  it(
    'every server has all three probes, but for one that is stopped at breakpoints or changed while it runs',
    each((workload, variant) => {
      if (!isServer(workload)) return;
      const stops = ['under the debugger', 'while it is developed'].includes(variant);
      const probes = stops ? ['readinessProbe'] : ['startupProbe', 'livenessProbe', 'readinessProbe'];
      expect(Object.keys(workload.container).filter((key) => key.endsWith('Probe'))).to.have.members(probes);
    }),
  );

  it('every service has a heap below its memory limit', () => {
    for (const { chart, variant } of names.filter(({ chart }) => chart !== 'postgres')) {
      const manifests = render(chart, variants[chart][variant]);
      const config = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === chart);
      const [server] = workloadsOf(manifests).filter(isServer);
      const heap = Number(/--max-old-space-size=(\d+)/.exec(config?.data?.NODE_OPTIONS ?? '')?.[1]);
      expect(heap).to.be.below(mebibytes(server!.container.resources!.limits!.memory!));
    }
  });

  it('no chart renders a secret', () => {
    for (const { chart, variant } of names)
      expect(render(chart, variants[chart][variant]).map(({ kind }) => kind)).not.to.include('Secret');
  });
});
