import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { planLongAndShort } from '../chaos/clients.ts';
import type { AskCopy } from '../chaos/copies.ts';
import { judgeInTheEnd } from '../chaos/ending.ts';
import { outcomesTable } from '../chaos/summary.ts';
import { runHistories, type History } from '../consistency/histories.ts';
import { createRandom } from '../consistency/random.ts';
import { countOutcomes } from '../consistency/report.ts';
import { toJsonLines } from '../support/history.ts';
import { psql, rolledOut, serversOf, services } from './support/cluster.ts';
import { kubectl } from './support/command.ts';
import { LastingForward } from './support/lastingForward.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const seconds = Number(process.env.SECONDS ?? 120);
const times = createTimes();
const file = resolve(import.meta.dirname, '../../.data/e2e/chaos.jsonl');

/** At once, as if the node had failed, or with the time that a pod has to end in order. */
const graces = { 'at once': ['--grace-period=0', '--force'], 'in order': [] };

/**
 * What is deleted, and how. PostgreSQL is given a second, after which it is killed: forced, its next pod could start
 * on the same volume before it is gone, which no database survives.
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
  let histories: History[];
  let deleted = 0;

  before(async () => {
    rmSync(file, { force: true });
    await kubectl('scale', 'deployment/gateway-service', '--replicas=2');
    await rolledOut('gateway-service');
    const gateways = await Promise.all(forwards.map(async (forward) => (await forward.start()).url));
    const over = new AbortController();
    const clients = runHistories({
      gateways,
      histories: Infinity,
      seed,
      parallel: 24,
      timeout: 2 * times.public,
      patience: 180_000,
      plan: planLongAndShort,
      signal: over.signal,
    });
    [histories] = await Promise.all([clients, deletePods().finally(() => over.abort())]);
    await everythingServes();
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

  it(`every answer was true (SEED=${seed})`, async () => {
    await sleep(times.expiry + times.skew + times.public);
    const gateways = forwards.map(({ url }) => url);
    // before the last reads: they are no part of what was told while pods were deleted
    const outcomes = countOutcomes(histories.flatMap(({ operations }) => operations));
    const { violations } = await judgeInTheEnd(histories, {
      gateways,
      timeout: 2 * times.public,
      ask,
      // grace is minutes here; what is half or to spare may go at any moment, also between two looks
      reconciling: null,
      sample: 100,
    });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      toJsonLines(
        histories.flatMap(({ operations }) => operations),
        { seed, time_scale: 1 },
      ),
    );

    const seen = `${histories.length} histories; observations of pairs, a list being one of each of its pairs`;
    process.stdout.write(`      ${deleted} pods deleted, ${seen}:\n${outcomesTable(outcomes)}\n`);
    expect(violations, `${violations.join('\n\n')}\nwhat was told: ${file}`).to.be.empty;
    expect(deleted).to.be.above(seconds / 15);
    for (const told of ['add done', 'add unknown', 'remove done', 'read present', 'read absent'])
      expect(outcomes[told], told).to.be.above(0);
  });
});

/** Around all services, in the database's pod. */
const ask: AskCopy = async (database, statement) => {
  const said = await psql(database, statement);
  return said
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [claim_id = '', event_id = '', author_id = ''] = line.split('|');
      return { claim_id, event_id, author_id };
    });
};

async function everythingServes(): Promise<void> {
  await kubectl('rollout', 'status', 'statefulset/postgres', '--timeout=180s');
  await rolledOut(...services);
}
