import { expect } from 'chai';
import { kubectl } from './support/command.ts';
import { rolledOut, services } from './support/cluster.ts';
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
});

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
