import { expect } from 'chai';
import { kubectl } from './support/command.ts';
import { waitForRollout, services } from './support/cluster.ts';
import { createNamespace } from './support/pod.ts';
import { format, Traffic } from './support/traffic.ts';

const minRequests = 20_000;
const requestsPerSecond = 400;
const deployments = services.map((service) => `deployment/${service}`);

describe('a rollout under steady traffic', function () {
  before(() => createNamespace('elsewhere'));

  after(() => kubectl('scale', ...deployments, '--replicas=1'));

  for (const replicas of [1, 2])
    it(`fails no request at ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`, async () => {
      await kubectl('scale', ...deployments, `--replicas=${replicas}`);
      await waitForRollout(...services);
      await expectNoFailures(async (traffic) => {
        await kubectl('rollout', 'restart', ...deployments);
        await waitForRollout(...services);
        await traffic.waitForRequests(minRequests);
      });
    });

  it('fails no request while the gateway goes from 1 to 3 replicas and back', async () => {
    await kubectl('scale', ...deployments, '--replicas=1');
    await waitForRollout(...services);
    await expectNoFailures(async () => {
      for (const replicas of [3, 1]) {
        await kubectl('scale', 'deployment/gateway-service', `--replicas=${replicas}`);
        await waitForRollout('gateway-service');
      }
    });
  });
});

async function expectNoFailures(change: (traffic: Traffic) => Promise<void>): Promise<void> {
  const traffic = await new Traffic().start({ rate: requestsPerSecond });
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
