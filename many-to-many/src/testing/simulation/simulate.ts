import type { ComposedRelation } from '../../createRelation.ts';
import type { Relation } from '../../relation.ts';
import { createRandom } from '../random.ts';
import type { ClientParts } from './clientParts.ts';
import { runClient } from './clients.ts';
import { createDisturbance } from './disturbance.ts';
import { Faults, type Fault } from './faults.ts';
import { createGateway } from './gateway.ts';
import { createJudge, type Verdict } from './judge.ts';
import { lookAround } from './lookAround.ts';
import { createNetwork } from './network.ts';
import { planHistory, type Plan } from './plan.ts';
import { catchRejections } from './rejections.ts';
import { Scheduler } from './scheduler.ts';
import { systemOf, type Extension } from './system.ts';
import { endOfTurn } from './turn.ts';
import { createWorld } from './world.ts';

/** What is simulated, and how. */
export interface SimulationOptions<Left, Right, Composed extends ComposedRelation<Left, Right>> {
  /** Decides everything: the same seed gives the same history. */
  seed: number;
  /** The relation, as `defineRelation` makes it. */
  relation: Relation<Left, Right>;
  /** What a system has built on the relation, if that is to be simulated too. */
  extension?: Extension<Left, Right, Composed>;
  /** Replaces the plan that the seed makes. */
  plan?: Plan;
  /** Kinds of faults that are left out. */
  without?: ReadonlySet<Fault>;
  /** After so many events a gateway dies, whatever else is planned. */
  crashAfter?: number;
  /** Called with each event, as a line for a person. */
  trace?: (event: string) => void;
}

/** What came of one simulated history. */
export interface Simulated extends Verdict {
  /** The plan of the history. */
  plan: Plan;
  /** Kinds of faults that struck. */
  struck: ReadonlySet<Fault>;
  /** How often a gateway died. */
  crashes: number;
  /** Events in gateways and clients: what it cost. */
  steps: number;
}

/**
 * Runs one history of the relation over copies in memory, in virtual time, with the faults of a seed, and judges it.
 * Nothing is wrong if `faults` is empty.
 */
export async function simulate<Left, Right, Composed extends ComposedRelation<Left, Right>>({
  seed,
  relation,
  extension,
  without = new Set(),
  crashAfter,
  ...options
}: SimulationOptions<Left, Right, Composed>): Promise<Simulated> {
  const system = systemOf(relation, extension);
  const { lists } = system;
  const plan = options.plan ?? planHistory(createRandom(seed), Object.keys(lists));
  const random = createRandom(~seed);
  const scheduler = new Scheduler(random);
  const faults = new Faults(random, without);
  const { trace: write } = options;
  const trace = write && ((event: string) => write(`${String(scheduler.now).padStart(7)} ms  ${event}`));
  const world = createWorld(system, plan, { scheduler, random, faults });
  const judge = createJudge(world, scheduler);
  const network = createNetwork({ scheduler, faults, trace, executed: (...batch) => judge.executed(...batch) });
  const gatewayParts = { system, plan, world, scheduler, faults, network, judge, trace };
  let reconcilersRun = plan.reconcilersRun;
  const launch = (i: number) => {
    const gateway = createGateway(`gateway ${i}`, gatewayParts);
    if (reconcilersRun) gateway.relation.reconciler.start();
    return gateway;
  };
  const gateways = Array.from({ length: plan.gateways }, (_, i) => launch(i));
  const background: Promise<unknown>[] = [];
  const parts: ClientParts = { world, scheduler, faults, judge, gateways, lists, background, trace };
  const disturbance = createDisturbance({ ...parts, random, launch, crashAfter });

  async function workUnderFaults(): Promise<void> {
    const clients = plan.clients.map((planned, process) => runClient(process, planned, parts));
    const work = Promise.all(clients).then(() => Promise.all(background));
    // reconcilers do not end by themselves, and something else may not either
    let forget: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      forget = scheduler.after(longestMs, resolve, { alive: true, suspendedUntil: 0 });
    });
    await Promise.race([work, late]).catch(() => undefined);
    forget();
    reconcilersRun = false;
    await Promise.all(gateways.map((gateway) => gateway.ask(({ reconciler }) => reconciler.stop())));
    await work;
  }

  async function runToEnd(work: Promise<unknown>, each: () => void): Promise<void> {
    const left = new Set([work]);
    const watched = work.catch((error: unknown) => judge.threw('a client met', error)).finally(() => left.clear());
    await scheduler.run(each);
    // an operation may end without any event that it had to wait for
    await endOfTurn();
    if (left.size > 0) judge.fault('an operation was never answered');
    else await watched;
  }

  let quietSteps = 0;
  const release = catchRejections((error) => judge.threw('nobody caught', error));
  try {
    await runToEnd(workUnderFaults(), disturbance.disturb);
    faults.quiet();
    // as after a restart: a reconciler that was stopped does not begin again
    for (const i of gateways.keys()) gateways[i] = launch(i);
    for (const node of [world.left, world.right]) node.downUntil = 0;
    await runToEnd(lookAround(plan, parts), () => quietSteps++);
  } catch (error) {
    judge.threw('an event threw', error);
  } finally {
    release();
  }
  const { steps, crashes } = disturbance.counts;
  return { plan, ...judge.verdict(), struck: faults.struck, crashes, steps: steps + quietSteps };
}

/** Longer than any history under faults takes, with all its pauses and deadlines. */
const longestMs = 4 * 3_600_000;
