import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { beginHistoryFile } from '../../verification/chaos/historyFile.ts';
import { summary } from '../../verification/chaos/summary.ts';
import { runTrial, type TrialReport } from '../../verification/chaos/trial.ts';
import { createRandom } from 'many-to-many/testing';
import { askCopy, rolledOut, serversOf, services } from './support/cluster.ts';
import { kubectl } from './support/command.ts';
import { LastingForward } from './support/lastingForward.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
const seconds = Number(process.env.SECONDS || 120);
const file = resolve(import.meta.dirname, '../../.data/e2e/chaos.jsonl');

/** At once, as if the node had failed, or in order, within the pod's grace period. */
const graces = { 'at once': ['--grace-period=0', '--force'], 'in order': [] };

/**
 * What is deleted, and how. PostgreSQL is killed after one second. A forced deletion could start the next pod on the same
 * volume before the old one is gone, which would corrupt the data.
 */
const deletions = [
  ...services.flatMap((release) => Object.entries(graces).map(([how, grace]) => ({ release, how, grace }))),
  { release: 'gateway-service', how: 'at once', grace: graces['at once'] },
  { release: 'postgres', how: 'within a second', grace: ['--grace-period=1'] },
  { release: 'postgres', how: 'in order', grace: [] },
];

describe('while pods of everything are deleted', function () {
  this.timeout((seconds + 480) * 1_000);
  const forwards = [0, 1].map((index) => new LastingForward('gateway-service', 8090, index));
  let report: TrialReport;
  let deleted = 0;

  before(async () => {
    await kubectl('scale', 'deployment/gateway-service', '--replicas=2');
    await rolledOut('gateway-service');
    const write = beginHistoryFile(file, { seed, time_scale: 1 });
    report = await runTrial({
      gateways: await Promise.all(forwards.map(async (forward) => (await forward.start()).url)),
      seed,
      times: createTimes(),
      parallel: 24,
      meanwhile: () => deletePods().then(everythingServes),
      // The grace period is minutes here, in which other parts run: copies.e2e.ts waits for the rest of it.
      databases: { ask: askCopy, reconciled: false },
      sample: 100,
      watch: { history: write },
    });
    report.histories.forEach(write);
  });

  after(async () => {
    await Promise.all(forwards.map((forward) => forward.stop()));
    await kubectl('scale', 'deployment/gateway-service', '--replicas=1');
    await rolledOut('gateway-service');
  });

  async function deletePods(): Promise<void> {
    const random = createRandom(seed);
    const ended = performance.now() + seconds * 1_000;
    let deck: typeof deletions = [];
    while (performance.now() < ended) {
      if (deck.length === 0) deck = random.shuffled(deletions);
      const { release, how, grace } = deck.pop()!;
      const pods = await serversOf(release);
      const pod = pods[random.below(Math.max(pods.length, 1))];
      if (pod) {
        const { name } = pod.metadata;
        process.stdout.write(`      ${name} is deleted, ${how}\n`);
        await kubectl('delete', 'pod', name, '--wait=false', '--ignore-not-found', ...grace);
        deleted += 1;
        if (release === 'gateway-service') await Promise.all(forwards.map((forward) => forward.drop()));
      }
      await sleep(2_000 + random.below(8_000));
    }
  }

  it(`every answer was true (SEED=${seed})`, () => {
    const { outcomes, violations } = report;
    const whole = `${summary(report)}\nhistory: ${file}`;
    process.stdout.write(`      ${deleted} pods deleted; ${whole}\n`);
    expect(violations, whole).to.be.empty;
    expect(deleted).to.be.above(seconds / 15);
    for (const outcome of ['add done', 'add unknown', 'remove done', 'read present', 'read absent'])
      expect(outcomes[outcome], outcome).to.be.above(0);
  });
});

async function everythingServes(): Promise<void> {
  await kubectl('rollout', 'status', 'statefulset/postgres', '--timeout=180s');
  await rolledOut(...services);
}
