import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { distinct, render, services, template, type Values } from '../../test/charts/helm.ts';
import { valueAt, getManifest, type Manifest } from '../../test/charts/manifests.ts';

describeWith('helm', 'charts: IPv6', () => {
  const servicesOf = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind === 'Service');

  for (const release of distinct) {
    it(`${release} has addresses of both families where the cluster has them, unless the values say otherwise`, () => {
      const specs = (serviceSpec?: Values) =>
        servicesOf(render(release, serviceSpec ? { serviceSpec } : {})).map(({ spec }) => spec);
      for (const spec of specs()) expect(spec).to.include({ ipFamilyPolicy: 'PreferDualStack' });
      for (const spec of specs({ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] }))
        expect(spec).to.deep.include({ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] });
      for (const spec of specs({ ipFamilyPolicy: null })) expect(spec).not.to.have.property('ipFamilyPolicy');
    });

    it(`${release} can have a Service of another type, with annotations for its load balancer`, () => {
      const manifests = render(release, {
        serviceSpec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
        serviceAnnotations: { internal: 'true' },
      });
      const { metadata, spec } = getManifest(manifests, 'Service', release);
      expect(spec).to.include({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
      expect(metadata.annotations).to.deep.equal({ internal: 'true' });
      for (const other of servicesOf(manifests).slice(1)) expect(other.spec).not.to.have.property('type');
      expect(template(release, { serviceSpec: { selector: {} } }).stderr).to.include("at '/serviceSpec'");
    });
  }

  it('no service is told to listen on one family', () => {
    for (const release of services)
      expect(getManifest(render(release), 'ConfigMap', release).data).not.to.have.property('HOST');
  });

  it('the gateway calls owner services at IPv6 addresses', () => {
    const manifests = render('gateway-service', { ownerServices: { author: 'http://[fd00::5]:1234' } });
    const { data } = getManifest(manifests, 'ConfigMap', 'gateway-service');
    expect(data).to.include({ AUTHOR_SERVICE_URL: 'http://[fd00::5]:1234' });
    const [first] = valueAt(getManifest(manifests, 'NetworkPolicy', 'gateway-service').spec, 'egress') as object[];
    expect(first).to.deep.equal({ ports: [{ port: 1234 }] });
  });

  it('an owner service has its database at an IPv6 address', () => {
    for (const host of ['fd00::5', '::1', '1::']) {
      const manifests = render('author-service', { database: { host } });
      expect(getManifest(manifests, 'ConfigMap', 'author-service').data).to.include({ DATABASE_HOST: host });
    }
  });
});
