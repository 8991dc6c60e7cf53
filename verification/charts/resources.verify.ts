import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { distinct, render, template, type Release, type Values } from '../../test/charts/helm.ts';
import { getManifest, workload, workloadsOf, type PodSpec } from '../../test/charts/manifests.ts';

/** What a ResourceQuota may ask for, and an extended resource. */
const resources = {
  requests: { cpu: '0.1', memory: '100Mi', 'ephemeral-storage': '1Gi' },
  limits: { cpu: 2, memory: '1.5Gi', 'ephemeral-storage': '2G', 'example.com/gpu': 1 },
};

const everywhere: Partial<Record<Release, Values>> = {
  postgres: { resources, setup: { resources }, test: { resources } },
  'author-service': { resources, migration: { resources }, test: { resources } },
  'gateway-service': { resources, reconcile: { cronJob: { resources } }, test: { resources } },
};

describeWith('helm', 'charts: resources', () => {
  for (const release of distinct)
    it(`${release}: can be set for every container, Jobs and tests included`, () => {
      for (const { pod, title } of workloadsOf(render(release, everywhere[release])))
        for (const container of [...pod.containers, ...((pod.initContainers ?? []) as PodSpec['containers'])])
          expect(container.resources, `${title}, ${container.name}`).to.deep.equal(resources);
    });

  it('may have a memory limit in any unit, or none, and the heap is compared with it', () => {
    const status = (memory: unknown) => template('author-service', { heap: 300, resources: { limits: { memory } } });
    for (const memory of ['301Mi', '1Gi', '1.5Gi', '0.3Gi', '1G', '320M', '400000Ki', 330_000_000, '330000000'])
      expect(status(memory).stderr, String(memory)).to.equal('');
    for (const memory of ['300Mi', '0.2Gi', '310M', '300000Ki', 310_000_000])
      expect(status(memory).stderr, String(memory)).to.include('heap: 300Mi must be below resources.limits.memory');
    expect(status(null).stderr).to.equal('');
    expect(template('author-service', { resources: { limits: null } }).stderr).to.equal('');
  });

  it('without a memory limit, the reconciler has the heap of the gateway', () => {
    const cronJob = { resources: { limits: null } };
    const manifests = render('gateway-service', { reconcile: { cronJob } });
    const { container } = workload(manifests, 'CronJob', 'gateway-service-reconcile');
    expect(container.env?.map(({ name }) => name)).not.to.include('NODE_OPTIONS');
    expect(getManifest(manifests, 'ConfigMap', 'gateway-service').data).to.have.property('NODE_OPTIONS');
  });

  it('are refused with a quantity that is none', () => {
    const { stderr } = template('author-service', { resources: { limits: { cpu: 'two' } } });
    expect(stderr).to.include("at '/resources/limits/cpu'");
  });
});
