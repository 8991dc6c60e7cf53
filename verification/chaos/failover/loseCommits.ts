import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTimes } from '@attendance/common/times';
import { createRandom } from 'many-to-many/testing';
import { createClient, type Client, type Reply } from '../../../test/support/client.ts';
import { readMetric } from '../../../test/support/metrics.ts';
import { startProgram } from '../../../test/support/program.ts';
import { readCopies, waitUntilReconciled } from '../copies.ts';
import { maxReconcileMs } from '../reconciling.ts';
import { Cluster } from './cluster.ts';
import { failOver } from './failOver.ts';
import { clusters, type ClusterName, type Failover } from './plan.ts';
import type { FailoverOptions } from './runFailovers.ts';
import { usualBoundMs } from './record.ts';
import { startFailoverSystem, type FailoverSystem } from './system.ts';
import { watchOwners } from './watchOwners.ts';

type LossOptions = Pick<FailoverOptions, 'seed' | 'timeScale' | 'boundMs' | 'logs' | 'signal'> & {
  watch?: { phase?: (phase: string) => void };
};

/** What the failovers lost, as lines for a terminal, and where that is not what the documentation says. */
export interface LossReport {
  lines: string[];
  violations: string[];
}

interface Loss {
  system: FailoverSystem<Cluster>;
  client: Client;
  cluster: ClusterName;
  /** The number of adds that the standby misses. */
  adds: number;
  boundMs: number;
  check: (claim: string, holds: boolean) => void;
}

type Pair = readonly [event: { id: string }, author: { id: string }];

/** As many as the guard lets pass, and more. */
const few = { adds: 30, parallel: 8 };
const tooMany = 1_100;
/** How long a request is repeated. */
const insistMs = 60_000;

/**
 * Promotes asynchronous standbys that lack the last commits of their primaries: a few of one copy, then so many of the
 * other that the guard trips. Checks that what the documentation says happens, and nothing else.
 */
export async function loseCommits({
  seed,
  timeScale,
  boundMs = usualBoundMs,
  logs,
  signal,
  watch = {},
}: LossOptions): Promise<LossReport> {
  const times = createTimes({ scale: timeScale });
  const violations: string[] = [];
  const lines: string[] = [];
  const check = (claim: string, holds: boolean) => {
    signal?.throwIfAborted();
    lines.push(`${holds ? 'true ' : 'FALSE'} ${claim}`);
    if (!holds) violations.push(claim);
  };
  watch.phase?.('starting');
  const system = await startFailoverSystem({
    ...{ logs, timeScale },
    createCluster: (name) => new Cluster({ name, logs, synchronous: false }),
  });
  const client = createClient({ gateway: system.gateways[0]!.url, timeout: 60_000 });
  try {
    const [first, second] = createRandom(seed).shuffled(clusters) as [ClusterName, ClusterName];
    const equal = () =>
      waitUntilReconciled(system.queryCopy, { since: performance.now(), withinMs: maxReconcileMs(times) });
    const shared = { system, client, boundMs, check };

    watch.phase?.(`losing a few commits of the ${first} database`);
    const kept = await lose({ ...shared, cluster: first, adds: few.adds });
    watch.phase?.('waiting until the copies are equal');
    check('the reconcilers make the copies equal by themselves', (await equal()).violations.length === 0);
    check('their guard did not trip', !(await anyTripped(system)));
    check('they dropped nothing that both copies held', await holdsExactly(system, kept));

    watch.phase?.(`losing many commits of the ${second} database`);
    // else they would drop the claims piece by piece, as these become stable, and each scan would see a few of them
    await restartGateways(system, { RECONCILE: 'false' });
    const rest = await lose({ ...shared, cluster: second, adds: tooMany });
    watch.phase?.('waiting until all of these are stable, and the guard has tripped');
    await sleep(times.graceMs + times.requestMs, undefined, { signal });
    await restartGateways(system, { RECONCILE: 'true' });
    const deadline = performance.now() + maxReconcileMs(times);
    while (!(await allTripped(system)) && performance.now() < deadline) await sleep(250, undefined, { signal });
    check('the guard of every gateway trips, if one scan finds all of them', await allTripped(system));
    check('while it has tripped, nothing is dropped', halfClaims(await readCopies(system.queryCopy)) >= tooMany);
    check('`reconcile --dry-run` says that a person must decide', (await reconcile(system, '--dry-run')) === 1);
    check('`reconcile --accept` drops the half claims', (await reconcile(system, '--accept')) === 0);
    check('then the copies are equal', (await equal()).violations.length === 0);
    check('nothing is dropped that both copies held', await holdsExactly(system, [...kept, ...rest]));
    return { lines, violations };
  } finally {
    client.close();
    watch.phase?.('stopping');
    await system.stop();
  }
}

/**
 * Promotes a standby that misses the last changes of its primary.
 * @returns the pairs that are visible afterwards
 */
async function lose({ system, client, cluster, adds, boundMs, check }: Loss): Promise<Pair[]> {
  const { events, authors } = await createWorld(client, { events: 10, authors: Math.ceil(adds / 10) + 1 });
  const [extra, ...others] = authors;
  const before = events.map((event): Pair => [event, extra!]);
  const missed = others.flatMap((author) => events.map((event): Pair => [event, author])).slice(0, adds);
  const [removed, ...kept] = before as [Pair, ...Pair[]];
  await addAll(client, before);
  await system.clusters[cluster].waitForStandby();

  system.clusters[cluster].replication.refuse();
  await addAll(client, missed);
  // 404 if an earlier try succeeded after all
  await insist(() => client.removeAttendance(removed[0].id, removed[1].id), [204, 404]);
  const made = await create(() =>
    cluster === 'author' ? client.createAuthor('Late') : client.createConference('LATE'),
  );
  const fault: Failover = {
    ...{ cluster, loss: 'partition', connections: 'cut', noticed: true, outageMs: 0 },
    ...{ address: 'late', fence: 'before', alone: true },
  };
  const watched = watchOwners(system, client)[cluster];
  const { violations } = await failOver(system.clusters[cluster], fault, { ...watched, boundMs });
  check(`the ${cluster} service serves in time from a standby that misses ${adds} adds`, violations.length === 0);

  const states = async (pairs: readonly Pair[]) =>
    Promise.all(pairs.slice(0, few.adds).map((pair) => read(client, pair)));
  check(
    'an add that the standby had is visible',
    (await states(kept)).every((state) => state === 'visible'),
  );
  check(
    'an acknowledged add that it had not is gone, in both directions',
    (await states(missed)).every((state) => state === 'gone'),
  );
  check('a remove that both copies had confirmed still holds', (await read(client, removed)) === 'gone');
  const entity = await insist<{ id: string }>(
    () => (cluster === 'author' ? client.getAuthor(made.id) : client.getConference(made.id)),
    [200, 404],
  );
  check(
    `a${cluster === 'author' ? 'n author' : ' conference'} that the standby had not is gone`,
    entity.status === 404,
  );
  const { half } = await readCopies(system.queryCopy);
  const healthy = cluster === 'author' ? 'conference' : 'author';
  // an add that was repeated after a 504 may have left more than one
  check(`its ${adds} claims are half claims in the other copy`, half[healthy] >= adds);
  return kept;
}

async function createWorld(client: Client, counts: { events: number; authors: number }) {
  const createMany = async (count: number, send: () => Promise<Reply<{ id: string }>>) => {
    const all: { id: string }[] = [];
    while (all.length < count) all.push(await create(send));
    return all;
  };
  const conference = await create(() => client.createConference('LOSS'));
  let seq = 0;
  return {
    events: await createMany(counts.events, () => client.createEvent(conference.id, ++seq)),
    authors: await createMany(counts.authors, () => client.createAuthor('Ada')),
  };
}

/** Creates an entity. If the outcome is unknown, creates another one, which does no harm here. */
async function create(send: () => Promise<Reply<{ id: string }>>): Promise<{ id: string }> {
  return (await insist(send, [201])).body!;
}

/** Repeats a request that may be repeated until it is answered so, also on a machine that is too busy for its deadline. */
async function insist<Body>(send: () => Promise<Reply<Body>>, statuses: number[]): Promise<Reply<Body>> {
  const deadline = performance.now() + insistMs;
  for (;;) {
    const reply = await send();
    if (statuses.includes(reply.status ?? 0)) return reply;
    if (performance.now() > deadline) throw new Error(`a request failed for a minute: ${reply.status} ${reply.text}`);
    await sleep(200);
  }
}

/** Adds pairs, a few at a time. */
async function addAll(client: Client, pairs: readonly Pair[]): Promise<void> {
  const rest = [...pairs];
  const worker = async () => {
    for (let pair = rest.pop(); pair; pair = rest.pop()) {
      const [event, author] = pair;
      await insist(() => client.addAttendance(event.id, author.id), [200, 201]);
    }
  };
  await Promise.all(Array.from({ length: few.parallel }, worker));
}

/** Reads a pair alone and in the lists of its event and of its author, which must agree. */
async function read(client: Client, [event, author]: Pair): Promise<'visible' | 'gone' | 'contradictory'> {
  const pair = await insist(() => client.getAttendance(event.id, author.id), [200, 404]);
  const byEvent = await insist(() => client.listEventAttendance(event.id, { limit: 500 }), [200, 404]);
  const byAuthor = await insist(() => client.listAuthorAttendance(author.id, { limit: 500 }), [200, 404]);
  const shown = [
    pair.status === 200,
    byEvent.body?.attendees.some(({ id }) => id === author.id),
    byAuthor.body?.events.some(({ id }) => id === event.id),
  ];
  if (shown.every((one) => one === true)) return 'visible';
  return shown.every((one) => one === false) ? 'gone' : 'contradictory';
}

async function restartGateways({ gateways }: FailoverSystem, environment: Record<string, string>): Promise<void> {
  await Promise.all(
    gateways.map(async (gateway) => {
      await gateway.stop();
      await gateway.start(environment);
    }),
  );
}

async function holdsExactly({ queryCopy }: FailoverSystem, pairs: readonly Pair[]): Promise<boolean> {
  const { visible } = await readCopies(queryCopy);
  const held = [...visible.values()].sort();
  return (
    held.join() ===
    pairs
      .map(([event, author]) => `${event.id} ${author.id}`)
      .sort()
      .join()
  );
}

const halfClaims = ({ half }: { half: { author: number; conference: number } }) => half.author + half.conference;

const trippedGateways = async ({ gateways }: FailoverSystem) =>
  Promise.all(gateways.map(async (gateway) => (await readMetric(gateway, 'attendance_reconciler_tripped')) === 1));
const allTripped = async (system: FailoverSystem) => (await trippedGateways(system)).every(Boolean);
const anyTripped = async (system: FailoverSystem) => (await trippedGateways(system)).some(Boolean);

const program = fileURLToPath(new URL('../../../services/gateway/dist/reconcile.js', import.meta.url));

/** @returns the exit code */
const reconcile = async ({ environment }: FailoverSystem, argument: string) =>
  (await startProgram(program, [argument], environment).ended).code;
