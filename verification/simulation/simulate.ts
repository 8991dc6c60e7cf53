import { createRandom } from '../histories/random.ts';
import { runClient, type ClientParts } from './clients.ts';
import { realCode, type Code } from './code.ts';
import { Faults, type Fault } from './faults.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createJudge, type Verdict } from './judge.ts';
import type { Network } from './network.ts';
import { lookAround } from './lookAround.ts';
import { planHistory, type Plan } from './plan.ts';
import { catchRejections } from './rejections.ts';
import { Scheduler } from './scheduler.ts';
import { createWorld, times } from './world.ts';

export interface SimulationOptions {
  /** Decides everything. */
  seed: number;
  code?: Code;
  /** What to do instead of what the seed plans. */
  plan?: Plan;
  /** Kinds of faults that are left out. */
  without?: ReadonlySet<Fault>;
  /** After so many events a gateway dies, whatever else is planned. */
  crashAfter?: number;
  trace?: (event: string) => void;
}

export interface Simulated extends Verdict {
  plan: Plan;
  /** Kinds of faults that struck. */
  struck: ReadonlySet<Fault>;
  /** How often a gateway died. */
  crashes: number;
  /** Events in gateways and clients: what it cost. */
  steps: number;
}

/** Runs one history on virtual time. */
export async function simulate({
  seed,
  code = realCode,
  without = new Set(),
  crashAfter,
  ...options
}: SimulationOptions): Promise<Simulated> {
  const plan = options.plan ?? planHistory(createRandom(seed));
  const random = createRandom(~seed);
  const scheduler = new Scheduler(random);
  const faults = new Faults(random, without);
  const { trace: write } = options;
  const trace = write && ((event: string) => write(`${String(scheduler.now).padStart(7)} ms  ${event}`));
  const world = createWorld(code, plan, { scheduler, random, faults });
  const judge = createJudge(world, scheduler);
  const network: Network = {
    scheduler,
    faults,
    failures: code,
    deadline: times.downstream + 50,
    trace,
    executed: (...batch) => judge.executed(...batch),
  };
  const gatewayParts = { code, plan, world, scheduler, faults, network, judge, trace };
  let reconcilersRun = plan.reconcilersRun;
  const launch = (i: number) => {
    const gateway = createGateway(`gateway ${i}`, gatewayParts);
    if (reconcilersRun) gateway.protocol.reconciler.start();
    return gateway;
  };
  const gateways = Array.from({ length: plan.gateways }, (_, i) => launch(i));
  const background: Promise<unknown>[] = [];
  const parts: ClientParts = { world, scheduler, faults, judge, gateways, background, trace };

  let steps = 0;
  let crashes = 0;
  function disturb(): void {
    steps++;
    const i = random.below(gateways.length);
    if (steps === crashAfter || (crashes < mostCrashes && faults.strikes('crash'))) {
      crashes++;
      trace?.(`gateway ${i} dies`);
      const dying = gateways[i];
      gateways[i] = launch(i);
      scheduler.after(0, () => dying?.crash(), always);
    }
    if (faults.strikes('suspension')) suspend(gateways[i]);
    if (faults.strikes('clock step')) world.stepClock();
    if (faults.strikes('restart')) {
      const node = world[random.below(2) === 0 ? 'author' : 'conference'];
      trace?.(`${node.name} restarts`);
      node.restart();
    }
  }
  function suspend(gateway: Gateway | undefined): void {
    if (!gateway) return;
    gateway.suspendedUntil = scheduler.now + faults.lateness();
    trace?.(`${gateway.name} is suspended until ${gateway.suspendedUntil} ms`);
  }

  async function workUnderFaults(): Promise<void> {
    const clients = plan.clients.map((planned, process) => runClient(process, planned, parts));
    const work = Promise.all(clients).then(() => Promise.all(background));
    // reconcilers do not end by themselves, which something else may not either
    let forget: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      forget = scheduler.after(longest, resolve, always);
    });
    await Promise.race([work, late]).catch(() => undefined);
    forget();
    reconcilersRun = false;
    await Promise.all(gateways.map((gateway) => gateway.ask(({ reconciler }) => reconciler.stop())));
    await work;
  }

  const release = catchRejections((error) => judge.threw('nobody caught', error));
  try {
    await runToEnd(workUnderFaults(), disturb);
    faults.quiet();
    // as they are after a restart: a reconciler that was stopped does not begin again
    for (const i of gateways.keys()) gateways[i] = launch(i);
    for (const node of [world.author, world.conference]) node.downUntil = 0;
    await runToEnd(lookAround(plan, parts), () => steps++);
  } catch (error) {
    judge.threw('an event threw', error);
  } finally {
    release();
  }
  return { plan, ...judge.verdict(), struck: faults.struck, crashes, steps };

  async function runToEnd(work: Promise<unknown>, each: () => void): Promise<void> {
    const left = new Set([work]);
    const watched = work.catch((error: unknown) => judge.threw('a client met', error)).finally(() => left.clear());
    await scheduler.run(each);
    // an operation may end without anything that had to be waited for
    await new Promise((resolve) => setImmediate(resolve));
    if (left.size > 0) judge.fault('an operation was never answered');
    else await watched;
  }
}

/** Milliseconds that no history under faults needs, with all its pauses and deadlines. */
const longest = 4 * 3_600_000;

/** Of a history: a gateway that begins again reconciles again, which is another chance to crash. */
const mostCrashes = 30;

const always = { alive: true, suspendedUntil: 0 };
