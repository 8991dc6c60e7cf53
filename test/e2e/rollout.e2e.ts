import { setTimeout as sleep } from 'node:timers/promises';
import { kubectl } from './support/command.ts';
import { eventually, readFromPods, services, waitForRollout } from './support/cluster.ts';
import { createNamespace } from './support/pod.ts';
import { expectNoFailures } from './support/traffic.ts';

const minRequests = 20_000;
const rate = 400;
const deployments = services.map((service) => `deployment/${service}`);

describe('a rollout under steady traffic', function () {
  before(() => createNamespace('elsewhere'));

  after(() => kubectl('scale', ...deployments, '--replicas=1'));

  for (const replicas of [1, 2])
    it(`fails no request at ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`, async () => {
      await kubectl('scale', ...deployments, `--replicas=${replicas}`);
      await waitForRollout(...services);
      await expectNoFailures({ rate }, async (traffic) => {
        await kubectl('rollout', 'restart', ...deployments);
        await waitForRollout(...services);
        await traffic.waitForRequests(minRequests);
      });
    });

  it('fails no request while the gateway goes from 1 to 3 replicas and back', async () => {
    await kubectl('scale', ...deployments, '--replicas=1');
    await waitForRollout(...services);
    await expectNoFailures({ rate }, async () => {
      for (const replicas of [3, 1]) {
        await kubectl('scale', 'deployment/gateway-service', `--replicas=${replicas}`);
        await waitForRollout('gateway-service');
      }
    });
  });

  it('gives new pods of the owner services their share within a minute', async () => {
    await kubectl('scale', ...deployments, '--replicas=1');
    await waitForRollout(...services);
    await expectNoFailures({ rate }, async () => {
      const owners = { 'author-service': 9070, 'conference-service': 9080 };
      const names = Object.keys(owners).map((release) => `deployment/${release}`);
      await kubectl('scale', ...names, '--replicas=2');
      await waitForRollout(...Object.keys(owners));
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
  const metrics = await readFromPods(release, managementPort, '/metrics');
  const counts = Object.entries(metrics).map(([pod, text]) => {
    const series = [...text.matchAll(/^http_request_duration_seconds_count\{.*\} (\d+)$/gm)];
    return [pod, series.reduce((sum, [, count]) => sum + Number(count), 0)] as const;
  });
  return Object.fromEntries(counts);
}
