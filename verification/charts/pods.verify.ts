import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { describeWith } from '../../test/support/needs.ts';
import { distinct, render, template, type Release, type Values } from '../../test/charts/helm.ts';
import {
  valueAt,
  findManifest,
  getManifest,
  workloadsOf,
  type Manifest,
  type Selector,
} from '../../test/charts/manifests.ts';

const deploying = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8');

describeWith('helm', 'charts: every pod', () => {
  const pods = (release: Release, values: Values) => workloadsOf(render(release, values));

  for (const release of distinct)
    describe(release, () => {
      it('is placed and labelled as the values say, Jobs and tests included', () => {
        const placement = {
          imagePullSecrets: [{ name: 'registry' }],
          nodeSelector: { disk: 'ssd' },
          tolerations: [{ operator: 'Exists' }],
          affinity: { nodeAffinity: {} },
          priorityClassName: 'true',
        };
        const podSpec = {
          hostAliases: [{ ip: 'fd00::1', hostnames: ['db'] }],
          terminationGracePeriodSeconds: 7,
          enableServiceLinks: true,
        };
        const values = {
          ...placement,
          podSpec,
          podLabels: { 'example.com/cost': '42', team: 'true' },
          podAnnotations: { 'mesh/inject': 'false' },
        };
        for (const { title, pod, labels, annotations } of pods(release, values)) {
          expect(pod, title).to.deep.include({ ...placement, ...podSpec });
          expect(labels, title).to.include(values.podLabels);
          expect(annotations, title).to.include(values.podAnnotations);
        }
      });

      it('keeps the labels that select it, whatever podLabels say', () => {
        const name = 'app.kubernetes.io/name';
        const podLabels = {
          [name]: 'mine',
          'app.kubernetes.io/component': 'mine',
          'app.kubernetes.io/part-of': 'mine',
        };
        for (const { labels, title } of pods(release, { podLabels })) {
          expect([labels[name], labels['app.kubernetes.io/part-of']], title).to.deep.equal([release, 'mine']);
        }
      });

      it('has annotations that replace those of the chart', () => {
        const podAnnotations = { 'prometheus.io/scrape': 'false', 'checksum/config': 'mine', more: '1' };
        const [server] = pods(release, { podAnnotations }).filter(({ title }) => /^(Deployment|State)/.test(title));
        expect(server!.annotations).to.include(podAnnotations);
      });

      it('has security contexts in which every field can be changed or removed', () => {
        const values = {
          podSecurityContext: { runAsUser: null, runAsGroup: 5, seccompProfile: null, supplementalGroups: [7] },
          securityContext: { allowPrivilegeEscalation: null, readOnlyRootFilesystem: false, capabilities: null },
        };
        for (const { pod, title } of pods(release, values)) {
          const { fsGroup, fsGroupChangePolicy, ...others } = pod.securityContext!;
          expect(others, title).to.deep.equal({ runAsNonRoot: true, runAsGroup: 5, supplementalGroups: [7] });
          expect([fsGroup, fsGroupChangePolicy]).to.deep.equal(
            release === 'postgres' ? [999, 'OnRootMismatch'] : [undefined, undefined],
          );
          for (const { securityContext } of pod.containers)
            expect(securityContext, title).to.deep.equal({ readOnlyRootFilesystem: false });
        }
      });

      it('uses a ServiceAccount of the chart, or another one', () => {
        const accounts = (serviceAccount: Values) =>
          pods(release, { serviceAccount }).map(({ pod }) => pod.serviceAccountName);
        const created = (serviceAccount: Values) => findManifest(render(release, { serviceAccount }), 'ServiceAccount');
        expect(accounts({})).to.include(release);
        expect(accounts({ name: 'mine' }))
          .to.include('mine')
          .and.not.to.include(release);
        const annotations = { role: 'arn' };
        expect(created({ name: 'mine', annotations })!.metadata).to.deep.include({ name: 'mine', annotations });
        const existing = { create: false, name: 'theirs' };
        expect(new Set(accounts(existing))).to.deep.equal(new Set(['theirs']));
        expect(created(existing)).to.be.undefined;
      });

      it('is admitted by restricted-v2 of OpenShift with the values of docs/deploying.md, and can ask its DNS', () => {
        const [, block] = /### OpenShift\n[\s\S]*?```yaml\n([\s\S]*?)```/.exec(deploying) ?? [];
        const values = parse(block!) as Values;
        const manifests = render(release, values);
        for (const { pod, title } of workloadsOf(manifests)) {
          // that constraint chooses these itself
          expect(pod.securityContext, title).not.to.have.any.keys('runAsUser', 'runAsGroup', 'fsGroup');
          expect(pod.securityContext, title).to.include({ runAsNonRoot: true });
        }
        for (const { metadata, spec } of manifests.filter(({ kind }) => kind === 'NetworkPolicy')) {
          const egress = valueAt(spec, 'egress') as {
            to?: { namespaceSelector?: Selector }[];
            ports: { port: number }[];
          }[];
          const dns = egress.find(({ to }) =>
            to?.some(
              ({ namespaceSelector }) =>
                namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] === 'openshift-dns',
            ),
          );
          expect(dns?.ports, metadata.name).to.deep.include.members([{ port: 5353, protocol: 'UDP' }]);
        }
      });
    });

  it('of a server may have other constraints of its spread', () => {
    const topologySpreadConstraints = [{ maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }];
    const [server] = pods('gateway-service', { topologySpreadConstraints });
    expect(server!.pod).to.deep.include({ topologySpreadConstraints });
  });

  it('has the containers and volumes of the chart', () => {
    for (const field of ['containers', 'volumes', 'restartPolicy'])
      expect(template('postgres', { podSpec: { [field]: [] } }).stderr).to.include("at '/podSpec'");
  });

  it('of PostgreSQL needs a password in its own shell if its user has no name', () => {
    const local = (manifests: Manifest[]) => {
      const [{ container }] = workloadsOf([getManifest(manifests, 'StatefulSet')]) as [
        ReturnType<typeof workloadsOf>[number],
      ];
      return /--auth-local=(\S+)/.exec(container.env!.find(({ name }) => name === 'POSTGRES_INITDB_ARGS')!.value!)![1];
    };
    expect(local(render('postgres'))).to.equal('peer');
    expect(local(render('postgres', { podSecurityContext: { runAsUser: null } }))).to.equal('scram-sha-256');
  });
});
