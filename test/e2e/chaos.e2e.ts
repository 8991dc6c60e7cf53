import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { beginHistoryFile } from '../../verification/chaos/historyFile.ts';
import { summary } from '../../verification/chaos/summary.ts';
import { runTrial, type TrialReport } from '../../verification/chaos/trial.ts';
import { createRandom } from 'many-to-many/testing';
import { queryCopy, waitForRollout, serversOf, services } from './support/cluster.ts';
import { kubectl } from './support/command.ts';
import { ReconnectingForward } from './support/reconnectingForward.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
const seconds = Number(process.env.SECONDS || 120);
const file = resolve(import.meta.dirname, '../../.data/e2e/chaos.jsonl');

/** Deletes a pod immediately, as if its node had failed, or gracefully. */
const ways = { immediately: ['--grace-period=0', '--force'], gracefully: [] };

/**
 * The deletions to choose from. PostgreSQL is not deleted by force: that could start the next pod on the same volume
 * before the old one is gone, and corrupt the data.
 */
const deletions = [
  ...services.flatMap((release) => Object.entries(ways).map(([way, options]) => ({ release, way, options }))),
  { release: 'gateway-service', way: 'immediately', options: ways.immediately },
  { release: 'postgres', way: 'within a second', options: ['--grace-period=1'] },
  { release: 'postgres', way: 'gracefully', options: [] },
];

describe('while pods of all releases are deleted', function () {
  this.timeout((seconds + 480) * 1_000);
  const forwards = [0, 1].map((index) => new ReconnectingForward('gateway-service', 8090, index));
  let report: TrialReport;
  let deleted = 0;

  before(async () => {
    await kubectl('scale', 'deployment/gateway-service', '--replicas=2');
    await waitForRollout('gateway-service');
    const write = beginHistoryFile(file, { seed, time_scale: 1 });
    report = await runTrial({
      gateways: await Promise.all(forwards.map(async (forward) => (await forward.start()).url)),
      seed,
      times: createTimes(),
      parallel: 24,
      meanwhile: () => deletePods().then(waitForAllRollouts),
      // copies.e2e.ts waits until the copies are equal: the grace period takes minutes, in which other parts run
      databases: { queryCopy, reconciled: false },
      sample: 100,
      watch: { history: write },
    });
    report.histories.forEach(write);
  });

  after(async () => {
    await Promise.all(forwards.map((forward) => forward.stop()));
    await kubectl('scale', 'deployment/gateway-service', '--replicas=1');
    await waitForRollout('gateway-service');
  });

  async function deletePods(): Promise<void> {
    const random = createRandom(seed);
    const ended = performance.now() + seconds * 1_000;
    let rest: typeof deletions = [];
    while (performance.now() < ended) {
      if (rest.length === 0) rest = random.shuffled(deletions);
      const { release, way, options } = rest.pop()!;
      const pods = await serversOf(release);
      const pod = pods[random.below(Math.max(pods.length, 1))];
      if (pod) {
        const { name } = pod.metadata;
        process.stdout.write(`      deleting ${name} ${way}\n`);
        await kubectl('delete', 'pod', name, '--wait=false', '--ignore-not-found', ...options);
        deleted += 1;
        if (release === 'gateway-service') await Promise.all(forwards.map((forward) => forward.drop()));
      }
      await sleep(2_000 + random.below(8_000));
    }
  }

  it(`every history is linearizable (SEED=${seed})`, () => {
    const { outcomes, violations } = report;
    const fullReport = `${summary(report)}\nhistory: ${file}`;
    process.stdout.write(`      ${deleted} pods deleted; ${fullReport}\n`);
    expect(violations, fullReport).to.be.empty;
    expect(deleted).to.be.above(seconds / 15);
    for (const outcome of ['add done', 'add unknown', 'remove done', 'read present', 'read absent'])
      expect(outcomes[outcome], outcome).to.be.above(0);
  });
});

async function waitForAllRollouts(): Promise<void> {
  await kubectl('rollout', 'status', 'statefulset/postgres', '--timeout=180s');
  await waitForRollout(...services);
}
