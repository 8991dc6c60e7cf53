import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { argumentsOf, manifestsOf, releases, runHelm, services, type Release, type Values } from '../charts/helm.ts';
import type { Manifest } from '../charts/manifests.ts';
import { createClient } from '../support/client.ts';
import { addPair, populate } from '../support/gateway.ts';
import { imageOf } from './support/cluster.ts';
import { apply, attempt, kubectl } from './support/command.ts';
import { asOpenShift, bounded, openShift, passwd, quota } from './support/platforms.ts';
import { forward } from './support/portForward.ts';
import { createRestrictedNamespace } from './support/serverSide.ts';

const namespace = 'gitops';
const inNamespace = ['--namespace', namespace];
const secrets = {
  'postgres-admin': ['password'],
  'author-database': ['owner-password', 'service-password'],
  'conference-database': ['owner-password', 'service-password'],
  'service-token': ['token'],
};

describe('applied by a tool without hooks, as users of OpenShift, below a quota, the charts', () => {
  const manifests = new Map<Release, string>();

  before(async () => {
    await createRestrictedNamespace(namespace, quota);
    await apply(passwd(namespace));
    for (const [name, keys] of Object.entries(secrets)) {
      const stringData = Object.fromEntries(keys.map((key) => [key, randomBytes(24).toString('hex')]));
      await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData });
    }
    for (const release of releases) manifests.set(release, listOf(render(release, await valuesOf(release))));
  });

  after(() => kubectl('delete', 'namespace', namespace, '--wait=false'));

  const onServer = (command: string, release: Release) =>
    attempt('kubectl', [command, '--server-side', ...inNamespace, '--filename', '-'], {
      input: manifests.get(release)!,
    });

  async function applyAndWait(names: readonly Release[]): Promise<void> {
    for (const name of names) {
      const { code, stderr } = await onServer('apply', name);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    }
    await kubectl('wait', 'job', '--all', ...inNamespace, '--for=condition=Complete', '--timeout=180s');
    for (const name of names) {
      const kind = name === 'postgres' ? 'statefulset' : 'deployment';
      await kubectl('rollout', 'status', `${kind}/${name}`, ...inNamespace, '--timeout=120s');
    }
  }

  it('start, migrate and serve', async () => {
    await applyAndWait(['postgres']);
    await applyAndWait(services);
    const gateway = await forward('service/gateway-service', 8090, namespace);
    const client = createClient({ gateway: gateway.url });
    const { event, author } = await populate(client);
    await addPair(client, event, author);
    expect((await client.getAttendance(event.id, author.id)).status).to.equal(200);
    client.close();
    await gateway.stop();
  });

  it('are the same when they are applied again', async () => {
    for (const release of releases) {
      const { code, stdout, stderr } = await onServer('diff', release);
      expect({ code, stdout, stderr }, release).to.deep.equal({ code: 0, stdout: '', stderr: '' });
    }
  });
});

const listOf = (items: Manifest[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

async function valuesOf(release: Release): Promise<Values> {
  const values: Values = { ...bounded[release], podSecurityContext: openShift.podSecurityContext };
  if (release === 'postgres') return { ...values, setup: { ...(values.setup as object), hook: '' } };
  const [repository, tag] = (await imageOf(release)).split(':');
  const withImage = { ...values, image: { repository, tag } };
  if (release === 'gateway-service') return withImage;
  return { ...withImage, migration: { ...(values.migration as object), hook: '' } };
}

function render(release: Release, values: Values): Manifest[] {
  const args = ['template', release, ...argumentsOf(release), ...inNamespace, '--skip-tests'];
  return manifestsOf(runHelm(args, JSON.stringify(values))).map(asOpenShift);
}
