import { createTimes } from '@attendance/common/times';
import { hardDeadline } from '@attendance/common/runtime/lifecycle';
import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { releases, render } from './helm.ts';
import { valueAt, isHook, workloadsOf, type EnvironmentVariable, type Workload } from './manifests.ts';
import { variants } from './variants.ts';

const names = releases.flatMap((release) => Object.keys(variants[release]).map((variant) => ({ release, variant })));
const isServer = ({ manifest }: Workload) => ['Deployment', 'StatefulSet'].includes(manifest.kind);
const isScheduled = ({ manifest }: Workload) => manifest.kind === 'CronJob';
const isService = ({ labels }: Workload) => labels['app.kubernetes.io/name'] !== 'postgres';
const mebibytes = (quantity: string) => parseInt(quantity) * (quantity.endsWith('Gi') ? 1024 : 1);

/** Rules for pods. A rule skips the pods to which it does not apply. */
const rules: Record<string, (workload: Workload) => void> = {
  'meets the Pod Security standard "restricted"': ({ pod }) => {
    expect(pod.securityContext).to.include({ runAsNonRoot: true }).and.to.have.property('runAsUser').above(0);
    expect(pod.securityContext).to.have.nested.property('seccompProfile.type', 'RuntimeDefault');
    expect(pod).not.to.have.any.keys('hostNetwork', 'hostPID', 'hostIPC', 'initContainers');
    for (const { securityContext, ports } of pod.containers) {
      expect(securityContext).to.deep.include({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
      expect(ports ?? []).to.satisfy((all: object[]) => all.every((port) => !('hostPort' in port)));
    }
    for (const { name, ...kind } of pod.volumes ?? [])
      expect(['configMap', 'emptyDir', 'secret'], `volume ${String(name)}`).to.include(Object.keys(kind)[0]);
  },
  'has no API token and no service links': ({ pod }) =>
    expect(pod).to.include({ automountServiceAccountToken: false, enableServiceLinks: false }),
  'requests resources, and has a limit for memory but not for CPU': ({ pod }) => {
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
  'gets every password and token from a secret': ({ pod }) => {
    // the path of a file that is mounted from a secret is none
    const literal = ({ name, value }: EnvironmentVariable) =>
      /PASSWORD|TOKEN/.test(name) && value !== undefined && !(name.endsWith('_FILE') && value.startsWith('/secrets/'));
    expect(pod.containers.flatMap(({ env }) => env ?? []).filter(literal)).to.deep.equal([]);
  },
  'pulls an image only if it is missing': ({ pod }) => {
    for (const { imagePullPolicy } of pod.containers) expect(imagePullPolicy).to.equal('IfNotPresent');
  },
  'has a deadline if it belongs to a Job or a test': (workload) => {
    if (isServer(workload)) return;
    expect(workload.pod.restartPolicy).to.equal('Never');
    const job = isScheduled(workload) ? valueAt(workload.manifest.spec, 'jobTemplate.spec') : workload.manifest.spec;
    expect(valueAt(job, 'activeDeadlineSeconds')).to.be.above(0);
  },
  'is recreated by each release if it belongs to a Job or a test of Helm': (workload) => {
    if (isServer(workload) || isScheduled(workload)) return;
    expect(workload.manifest.metadata.annotations).to.include({
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
    expect(isHook(workload.manifest)).to.be.true;
  },
  'has enough time to stop if it belongs to a service': (workload) => {
    if (!isServer(workload) || !isService(workload)) return;
    expect(workload.pod.terminationGracePeriodSeconds).to.be.above(hardDeadline(createTimes()) / 1000 + 5);
    expect(workload.container).not.to.have.property('lifecycle');
  },
};

describeWith('helm', 'charts: workloads', () => {
  const rendered = () =>
    names.map(({ release, variant }) => ({
      variant,
      workloads: workloadsOf(render(release, variants[release][variant])),
    }));
  let all: ReturnType<typeof rendered>;
  before(() => void (all = rendered()));

  const forEachWorkload = (check: (workload: Workload, variant: string) => void) => () => {
    for (const { variant, workloads } of all)
      for (const workload of workloads)
        try {
          check(workload, variant);
        } catch (error) {
          throw new Error(`${workload.title}, ${variant}: ${(error as Error).message}`, { cause: error });
        }
  };

  it('are these', () => {
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

  for (const [rule, check] of Object.entries(rules)) it(`every pod ${rule}`, forEachWorkload(check));

  it(
    'every pod has a read-only root file system, except during development',
    forEachWorkload(({ pod }, variant) => {
      const readOnly = (container: (typeof pod.containers)[number]) =>
        container.securityContext?.readOnlyRootFilesystem === true;
      if (variant !== 'during development') expect(pod.containers.every(readOnly)).to.be.true;
    }),
  );

  it(
    'every server has all three probes, except with the debugger and during development',
    forEachWorkload((workload, variant) => {
      if (!isServer(workload)) return;
      const isDebugged = ['with the debugger', 'during development'].includes(variant);
      const probes = isDebugged ? ['readinessProbe'] : ['startupProbe', 'livenessProbe', 'readinessProbe'];
      expect(Object.keys(workload.container).filter((key) => key.endsWith('Probe'))).to.have.members(probes);
    }),
  );

  it('every service has a heap below its memory limit', () => {
    for (const { release, variant } of names.filter(({ release }) => release !== 'postgres')) {
      const manifests = render(release, variants[release][variant]);
      const config = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === release);
      const [server] = workloadsOf(manifests).filter(isServer);
      const heap = Number(/--max-old-space-size=(\d+)/.exec(config?.data?.NODE_OPTIONS ?? '')?.[1]);
      expect(heap).to.be.below(mebibytes(server!.container.resources!.limits!.memory!));
    }
  });

  it('no chart renders a secret', () => {
    for (const { release, variant } of names)
      expect(render(release, variants[release][variant]).map(({ kind }) => kind)).not.to.include('Secret');
  });
});
