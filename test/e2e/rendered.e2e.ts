import { expect } from 'chai';
import { releases, render, type Release, type Values } from '../charts/helm.ts';
import { valueAt, workloadsOf, type Manifest } from '../charts/manifests.ts';
import { renderUmbrella } from '../charts/umbrella.ts';
import { variants } from '../charts/variants.ts';
import { kubectl } from './support/command.ts';
import { bounded, isOfRange, openShift, quota } from './support/platforms.ts';
import { createRestrictedNamespace, dryRun, withPods } from './support/serverSide.ts';

const namespace = 'rendered';
const namespaceWithQuota = 'rendered-quota';

/** The longest name that Helm accepts, one that starts with a digit and has a dot, and one that YAML takes for a boolean. */
const names = ['attendance-of-conference-events-in-the-production-env', '2nd.attendance', 'on'];

/** Every option but those for which the cluster lacks something. */
const everything = (release: Release): Values => ({
  ...variants[release].everything,
  serviceSpec: { type: 'LoadBalancer' },
  priorityClassName: '',
});

const files = (release: Release): Values =>
  variants[release]['with secrets as files, and TLS'] ?? variants[release]['with its token as a file'] ?? {};

const withoutHook = (release: Release): Values => {
  if (release === 'gateway-service') return {};
  return release === 'postgres' ? { setup: { hook: '' } } : { migration: { hook: '' } };
};

const renderAll = (values: (release: Release) => Values, name?: string) =>
  releases.flatMap((release) => render(release, values(release), name));

const platforms: Record<string, () => Manifest[]> = {
  'with every option': () => renderAll(everything),
  'with secrets as files, and TLS': () => renderAll(files),
  'for OpenShift': () => renderAll(() => openShift),
  'for tools without hooks': () => renderAll(withoutHook),
  'below an umbrella chart': () =>
    renderUmbrella({ postgres: {}, 'author-service': {}, 'conference-service': {}, 'gateway-service': {} }),
  ...Object.fromEntries(names.map((name) => [`as the release ${name}`, () => renderAll(() => ({}), name)])),
};

const invalidService = /^Error from server \(Invalid\): Service "[-\w]+" is invalid: /;
const noSuchFamily =
  /spec\.ipFamil\w+(\[\d\])?: Invalid value: "\w+": (this cluster is )?not configured (on this cluster|for dual-stack services)/g;

describe('the API server of a restricted namespace', () => {
  before(async () => {
    await createRestrictedNamespace(namespace);
    await createRestrictedNamespace(namespaceWithQuota, quota);
  });

  after(() => kubectl('delete', 'namespace', namespace, namespaceWithQuota, '--wait=false'));

  for (const [platform, manifests] of Object.entries(platforms))
    it(`accepts what the charts render ${platform}`, async () => {
      expect(await dryRun(namespace, withPods(manifests()))).to.deep.equal([]);
    });

  it('accepts every pod below a quota if each container has requests and limits', async () => {
    expect(await dryRun(namespaceWithQuota, withPods(renderAll((release) => bounded[release])))).to.deep.equal([]);
    const faults = await dryRun(namespaceWithQuota, withPods(renderAll(() => ({}))));
    expect(faults.join('\n')).to.match(/failed quota: quota: must specify limits.cpu/);
  });

  for (const [platform, serviceSpec] of Object.entries({
    'IPv6 alone': { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] },
    'both families': { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'] },
  }))
    it(`refuses Services of ${platform} for no other reason than that this cluster has no IPv6`, async () => {
      const manifests = renderAll(() => ({ serviceSpec }));
      const faults = await dryRun(namespace, withPods(manifests));
      const others = faults.map((fault) =>
        fault
          .replace(invalidService, '')
          .replace(noSuchFamily, '')
          .replace(/[[\], ]/g, ''),
      );
      expect(others).to.deep.equal(manifests.filter(({ kind }) => kind === 'Service').map(() => ''));
    });

  it('of OpenShift finds no user or group outside of the range of its namespace', () => {
    const contexts = (values: Values) =>
      workloadsOf(renderAll(() => values)).flatMap(({ title, pod }) =>
        [pod, ...pod.containers, ...((pod.initContainers ?? []) as object[])].map(
          (one) => [title, valueAt(one, 'securityContext')] as const,
        ),
      );
    const outside = (values: Values) =>
      contexts(values).filter(([, context]) => !isOfRange(context as Record<string, unknown> | undefined));
    expect(outside(openShift)).to.deep.equal([]);
    expect(outside({}), 'the rule').to.not.be.empty;
  });
});
