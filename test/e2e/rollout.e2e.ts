import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { kubectl } from './support/command.ts';
import { eventually, namespace, rolledOut, serversOf, services } from './support/cluster.ts';
import { makeNamespace } from './support/pod.ts';
import { format, Traffic } from './support/traffic.ts';

const fewest = 20_000;
const rate = 400;
const deployments = services.map((service) => `deployment/${service}`);

describe('a rollout under steady traffic', function () {
  before(() => makeNamespace('elsewhere'));

  after(() => kubectl('scale', ...deployments, '--replicas=1'));

  for (const replicas of [1, 2])
    it(`drops nothing at ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`, async () => {
      await kubectl('scale', ...deployments, `--replicas=${replicas}`);
      await rolledOut(...services);
      await dropsNothing(async (traffic) => {
        await kubectl('rollout', 'restart', ...deployments);
        await rolledOut(...services);
        await traffic.passed(fewest);
      });
    });

  it('drops nothing while the gateway goes from 1 to 3 replicas and back', async () => {
    await kubectl('scale', ...deployments, '--replicas=1');
    await rolledOut(...services);
    await dropsNothing(async () => {
      for (const replicas of [3, 1]) {
        await kubectl('scale', 'deployment/gateway-service', `--replicas=${replicas}`);
        await rolledOut('gateway-service');
      }
    });
  });

  it('gives new pods of the owner services their share within a minute', async () => {
    await kubectl('scale', ...deployments, '--replicas=1');
    await rolledOut(...services);
    await dropsNothing(async () => {
      const owners = { 'author-service': 9070, 'conference-service': 9080 };
      const names = Object.keys(owners).map((release) => `deployment/${release}`);
      await kubectl('scale', ...names, '--replicas=2');
      await rolledOut(...Object.keys(owners));
      for (const [release, port] of Object.entries(owners)) {
        let before = await requestsByPod(release, port);
        await eventually(`each pod of ${release} answers a fifth of its requests`, 60, async () => {
          await sleep(5_000);
          const after = await requestsByPod(release, port);
          const answered = Object.entries(after).map(([pod, count]) => count - (before[pod] ?? 0));
          before = after;
          const all = answered.reduce((sum, count) => sum + count, 0);
          return answered.length === 2 && answered.every((count) => count > all / 5);
        });
      }
    });
  });
});

/** The requests that each pod of an owner service has answered so far. */
async function requestsByPod(release: string, managementPort: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { metadata } of await serversOf(release)) {
    const path = `/api/v1/namespaces/${namespace}/pods/${metadata.name}:${managementPort}/proxy/metrics`;
    const metrics = await kubectl('get', '--raw', path);
    counts[metadata.name] = [...metrics.matchAll(/^http_request_duration_seconds_count\{.*\} (\d+)$/gm)]
      .map(([, count]) => Number(count))
      .reduce((sum, count) => sum + count, 0);
  }
  return counts;
}

async function dropsNothing(change: (traffic: Traffic) => Promise<void>): Promise<void> {
  const traffic = await new Traffic().start({ rate });
  let report;
  try {
    await change(traffic);
  } finally {
    report = await traffic.stop();
  }
  process.stdout.write(`      ${format(report)}\n`);
  const { connectionErrors, serverErrors, wrong, examples } = report;
  expect({ connectionErrors, serverErrors, wrong, examples }).to.deep.equal({
    connectionErrors: 0,
    serverErrors: 0,
    wrong: 0,
    examples: [],
  });
}
