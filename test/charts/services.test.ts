import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render, services } from './helm.ts';
import { valueAt, findManifest, getManifest, workload, type Manifest } from './manifests.ts';
import { everything } from './variants.ts';

const ports = { 'author-service': 8070, 'conference-service': 8080, 'gateway-service': 8090 };

describeWith('helm', 'charts: every service', () => {
  for (const release of services) {
    const server = (manifests: Manifest[]) => workload(manifests, 'Deployment', release);

    describe(release, () => {
      let defaults: Manifest[];
      let all: Manifest[];
      before(() => {
        defaults = render(release);
        all = render(release, everything);
      });

      it('has a Service, with a port for the API and one for management', () => {
        const port = ports[release];
        expect(valueAt(getManifest(defaults, 'Service', release).spec, 'ports')).to.deep.equal([
          { name: 'http', port, targetPort: 'http' },
          { name: 'management', port: port + 1000, targetPort: 'management' },
        ]);
        expect(server(defaults).container.ports).to.deep.equal([
          { name: 'http', containerPort: port },
          { name: 'management', containerPort: port + 1000 },
        ]);
      });

      it('replaces a pod only after another is ready', () =>
        expect(valueAt(getManifest(defaults, 'Deployment').spec, 'strategy.rollingUpdate')).to.deep.equal({
          maxSurge: 1,
          maxUnavailable: 0,
        }));

      it('restarts only if its configuration changes', () => {
        const checksum = (values: object) => server(render(release, { ...values })).annotations['checksum/config'];
        expect(checksum({})).to.equal(server(defaults).annotations['checksum/config']);
        expect(checksum({ logLevel: 'debug' })).not.to.equal(checksum({}));
        expect(checksum({ replicas: 3 })).to.equal(checksum({}));
      });

      it('spreads the pods of one version over zones and nodes', () => {
        const spread = (values: object) =>
          server(render(release, { ...values })).pod.topologySpreadConstraints as Record<string, unknown>[];
        const [zones, nodes] = spread({});
        expect(zones).to.include({ topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' });
        expect(nodes).to.include({ topologyKey: 'kubernetes.io/hostname' });
        expect(nodes).to.deep.include({ matchLabelKeys: ['pod-template-hash'] });
        const strict = { topologySpread: { whenUnsatisfiable: 'DoNotSchedule' } };
        expect(spread(strict)[0]).to.include({ whenUnsatisfiable: 'DoNotSchedule' });
      });

      it('has a fixed number of replicas, or an autoscaler', () => {
        expect(valueAt(getManifest(render(release, { replicas: 3 }), 'Deployment').spec, 'replicas')).to.equal(3);
        expect(findManifest(defaults, 'HorizontalPodAutoscaler')).to.be.undefined;
        expect(getManifest(all, 'Deployment').spec).not.to.have.property('replicas');
        expect(getManifest(all, 'HorizontalPodAutoscaler').spec).to.deep.include({
          minReplicas: 2,
          maxReplicas: 6,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: release },
        });
      });

      it('has a disruption budget if there are two pods', () => {
        const budget = (values: object) => findManifest(render(release, { ...values }), 'PodDisruptionBudget');
        expect(budget({})).to.be.undefined;
        expect(budget({ replicas: 2 })?.spec).to.include({ maxUnavailable: 1 });
        expect(budget({ autoscaling: { enabled: true } })).to.exist;
        expect(budget({ replicas: 5, autoscaling: { enabled: true, minReplicas: 1 } })).to.be.undefined;
      });

      it('is scraped through either annotations or a ServiceMonitor', () => {
        const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/path': '/metrics' };
        expect(server(defaults).annotations).to.include({
          ...annotations,
          'prometheus.io/port': String(ports[release] + 1000),
        });
        expect(findManifest(defaults, 'ServiceMonitor')).to.be.undefined;
        expect(Object.keys(server(all).annotations).filter((key) => key.startsWith('prometheus.io/'))).to.be.empty;
        const monitor = getManifest(all, 'ServiceMonitor');
        expect(monitor.metadata.labels).to.include({ release: 'prometheus' });
        expect(valueAt(monitor.spec, 'endpoints.0')).to.include({ port: 'management', honorLabels: true });
        const plain = render(release, { serviceMonitor: { enabled: true } });
        expect(getManifest(plain, 'ServiceMonitor').metadata.labels).not.to.have.property('release');
      });

      it('has alerts if enabled', () => {
        expect(findManifest(defaults, 'PrometheusRule')).to.be.undefined;
        const rule = getManifest(all, 'PrometheusRule');
        expect(rule.metadata.labels).to.include({ release: 'prometheus' });
        const alerts = valueAt(rule.spec, 'groups.0.rules') as { alert: string; expr: string; labels: object }[];
        const reconciler = ['ReconcilerTripped', 'ReconcilerLags', 'HalfClaimsKeepComing', 'HalfClaimsStay'];
        const specific =
          release === 'gateway-service'
            ? ['OwnerServiceFails', 'ServicesDisagree', 'AddsUnknown', 'WithdrawalsFail', ...reconciler]
            : ['DatabasePoolExhausted', 'WrongServiceTokens'];
        expect(alerts.map(({ alert }) => alert)).to.deep.equal([
          ...['ServiceDown', 'ServiceErrors', 'ServiceSlow', 'ServiceOverloaded', 'EventLoopLag', 'LogLinesDropped'],
          ...specific,
        ]);
        const series = `{namespace="attendance",service="${release.replace('-service', '')}"`;
        for (const { alert, expr, labels } of alerts) {
          expect(expr, alert).to.include(series);
          expect(labels, alert).to.include({ service: release.replace('-service', '') });
        }
        const plain = render(release, { prometheusRule: { enabled: true } });
        expect(getManifest(plain, 'PrometheusRule').metadata.labels).not.to.have.property('release');
      });

      it('runs the image and tag in the values; the default tag is the version of the chart', () => {
        const image = (values: object) => server(render(release, { ...values })).container.image;
        expect(image({})).to.equal(`${release}:0.1.0`);
        expect(image({ image: { repository: 'r.example/x', tag: 'v1' } })).to.equal('r.example/x:v1');
      });

      it('runs the image with the digest in the tag, of which the label has the beginning', () => {
        const tag = `1.0.0@sha256:${'0123456789abcdef'.repeat(4)}`;
        const { container, labels } = server(render(release, { image: { tag } }));
        expect(container.image).to.equal(`${release}:${tag}`);
        expect(labels['app.kubernetes.io/version']).to.match(/^1\.0\.0_sha256_[0-9a-f]{50}$/);
      });

      it('runs the command of the image, or node with the inspector', () => {
        expect(server(defaults).container).not.to.have.property('command');
        const { command } = server(render(release, { debug: true })).container;
        const folder = release.replace('-service', '');
        expect(command).to.deep.equal(['node', '--inspect', `services/${folder}/dist/main.js`]);
      });

      it('accepts values for the placement of its pods', () => {
        expect(server(all).pod).to.deep.include({
          imagePullSecrets: [{ name: 'registry' }],
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ key: 'dedicated', operator: 'Exists' }],
          affinity: { nodeAffinity: {} },
          priorityClassName: 'high',
        });
        expect(server(all).annotations).to.include({ team: 'attendance' });
        const placement = ['imagePullSecrets', 'nodeSelector', 'tolerations', 'affinity', 'priorityClassName'];
        expect(server(defaults).pod).not.to.have.any.keys(placement);
      });

      it('accepts further variables, which override its own', () => {
        expect(getManifest(all, 'ConfigMap', release).data).to.include({ TIME_SCALE: '0.5', MAX_IN_FLIGHT: '7' });
        expect(getManifest(defaults, 'ConfigMap', release).data).not.to.have.property('TIME_SCALE');
      });

      it('has the name of its release, or fullnameOverride', () => {
        for (const [values, name, expected] of [
          [{}, 'other', 'other'],
          [{ fullnameOverride: 'fixed' }, 'other', 'fixed'],
        ] as const) {
          const manifests = render(release, values, name);
          expect(manifests.filter(({ metadata }) => !metadata.name.startsWith(expected))).to.deep.equal([]);
          expect(workload(manifests, 'Deployment', expected).labels).to.include({
            'app.kubernetes.io/name': expected,
            'app.kubernetes.io/instance': 'other',
          });
        }
      });
    });
  }

  it('have a test pod with its script', () => {
    for (const release of services) {
      const manifests = render(release);
      const { container, pod, manifest } = workload(manifests, 'Pod', `${release}-test`);
      expect(manifest.metadata.annotations).to.include({ 'helm.sh/hook': 'test' });
      expect(container.command).to.deep.equal(['node', '/test/test.mjs']);
      expect(pod.volumes).to.deep.equal([{ name: 'test', configMap: { name: `${release}.test` } }]);
      expect(getManifest(manifests, 'ConfigMap', `${release}.test`).data?.['test.mjs']).to.include('process.exitCode');
    }
  });
});
