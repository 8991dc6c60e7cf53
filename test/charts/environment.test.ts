import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render, services, type Values } from './helm.ts';
import { getManifest, workloadsOf, type Manifest, type Workload } from './manifests.ts';

/** Servers, Jobs and CronJobs: all but the pods of `helm test`, whose scripts have variables of their own. */
const running = (manifests: Manifest[]) => workloadsOf(manifests).filter(({ manifest }) => manifest.kind !== 'Pod');

/** The variables of a container by name, with their values, or where those come from. */
function environmentOf(manifests: Manifest[], { container }: Workload): Record<string, unknown> {
  const maps = (container.envFrom ?? []).map(
    ({ configMapRef }) => getManifest(manifests, 'ConfigMap', configMapRef!.name).data ?? {},
  );
  const own = (container.env ?? []).map(({ name, value, valueFrom }): [string, unknown] => [name, value ?? valueFrom]);
  return Object.assign({}, ...maps, Object.fromEntries(own)) as Record<string, unknown>;
}

describeWith('helm', 'charts: env', () => {
  for (const release of services) {
    const environments = (env: Values) => {
      const manifests = render(release, { env });
      return running(manifests).map((workload) => environmentOf(manifests, workload));
    };

    it(`${release}: replaces every variable of the chart, and is never there twice`, () => {
      const names = environments({}).flatMap((environment) => Object.keys(environment));
      expect(names).to.include.members(['PORT', 'NODE_OPTIONS', 'SERVICE_TOKEN']);
      const env = Object.fromEntries([...names, 'HOST', 'OTHER'].map((name) => [name, `my ${name}`]));
      for (const environment of environments(env)) expect(environment).to.deep.include(env);
      for (const { container } of running(render(release, { env }))) {
        const list = (container.env ?? []).map(({ name }) => name);
        expect(list).to.have.lengthOf(new Set(list).size);
      }
    });

    it(`${release}: accepts values that are false, empty, zero or large, and leaves out those that are null`, () => {
      const env = { RECONCILE: false, LOG_LEVEL: '', MAX_IN_FLIGHT: 0, LARGE: 12_000_000, PRECISE: 0.5, PORT: null };
      const text = { RECONCILE: 'false', LOG_LEVEL: '', MAX_IN_FLIGHT: '0', LARGE: '12000000', PRECISE: '0.5' };
      for (const environment of environments(env))
        expect(environment).to.deep.include(text).and.not.to.have.property('PORT');
    });
  }
});
