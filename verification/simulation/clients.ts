import type { WalkReport } from '@attendance/gateway-service/protocol/reconciler/report';
import type { Outcome } from '../../test/support/history.ts';
import type { Faults } from './faults.ts';
import type { Gateway } from './gateway.ts';
import type { Judge } from './judge.ts';
import { performList } from './lists.ts';
import { deleteEntity } from './ownerNode.ts';
import type { Step } from './plan.ts';
import type { Host, Scheduler } from './scheduler.ts';
import { times, type World } from './world.ts';

export interface ClientParts {
  world: World;
  scheduler: Scheduler;
  faults: Faults;
  judge: Judge;
  gateways: Gateway[];
  /** What clients do not wait for. */
  background: Promise<unknown>[];
  trace: ((event: string) => void) | undefined;
}

/** Clients never die. */
const client: Host = { alive: true, suspendedUntil: 0 };

export function sleep(scheduler: Scheduler, ms: number): Promise<void> {
  return new Promise((resolve) => void scheduler.after(ms, resolve, client));
}

/** Does one step after the other, and lets the judge know what it was told. */
export async function runClient(process: number, steps: Step[], parts: ClientParts): Promise<void> {
  for (const [i, step] of steps.entries()) {
    await sleep(parts.scheduler, step.pause);
    const requestId = `${process}.${i}`;
    parts.trace?.(`client ${process}: ${JSON.stringify(step)} as ${requestId}`);
    if (step.do === 'reconcile') parts.background.push(performReconcile(step, requestId, parts));
    else if (step.do === 'list') await performList(process, step, requestId, parts);
    else if (step.do === 'delete') await performDelete(process, step, parts);
    else {
      const outcome = await performOnPair(process, step, requestId, parts);
      parts.trace?.(`client ${process}: ${requestId} ${outcome}`);
    }
  }
}

export async function performOnPair(
  process: number,
  step: Step & { do: 'add' | 'remove' | 'read' },
  requestId: string,
  { world, scheduler, judge, gateways }: ClientParts,
): Promise<Outcome> {
  const event = world.events[step.event] ?? '';
  const author = world.authors[step.author] ?? '';
  const start = scheduler.tick();
  const answer = await gateways[step.gateway]?.ask(async ({ add, remove, readPair }) => {
    const ask = { add, remove, read: readPair }[step.do];
    return ask({ event_id: event, author_id: author }, requestId);
  });
  judge.answered(requestId);
  const outcome = answer ? outcomes[answer.outcome] : step.do === 'read' ? 'refused' : 'unknown';
  if (step.do === 'add' && (outcome === 'refused' || outcome === 'missing')) judge.refused(requestId);
  if (answer?.outcome === 'missing')
    judge.missing(...answer.missing.map((side) => (side === 'event' ? event : author)));
  if (answer && 'event' in answer) {
    judge.named(start, answer.event.id, answer.author.id);
    if (answer.event.id !== event || answer.author.id !== author) judge.fault('an answer is about another pair');
  }
  judge.told({ event, author }, { process, start, kind: step.do, outcome });
  return outcome;
}

const outcomes = {
  added: 'done',
  already_attending: 'done',
  removed: 'done',
  visible: 'present',
  absent: 'absent',
  missing: 'missing',
  not_executed: 'refused',
  unknown: 'unknown',
} as const;

/** One walk of a gateway's reconciler; null where that dies, or is stopped. */
export async function performReconcile(
  { gateway }: Pick<Step, 'gateway'>,
  requestId: string,
  { gateways, trace }: Pick<ClientParts, 'gateways' | 'trace'>,
): Promise<WalkReport | null> {
  const walk = gateways[gateway]?.ask(({ reconciler }) =>
    reconciler.run({ mode: 'guarded' }).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'Stopped') return null;
      throw error;
    }),
  );
  const report = (await walk) ?? null;
  trace?.(`reconciler ${requestId}: ${report ? JSON.stringify(report) : 'gave up'}`);
  return report;
}

async function performDelete(
  process: number,
  { entity, index }: Step & { do: 'delete' },
  { world, scheduler, faults, judge, trace }: ClientParts,
): Promise<void> {
  const id = world[`${entity}s`][index] ?? '';
  const start = scheduler.tick();
  const outcome = await new Promise<Outcome>((resolve) => {
    const done = (outcome: Outcome) => void scheduler.after(0, () => resolve(outcome), client);
    const committed = () => {
      judge.deleted();
      trace?.(`${entity} ${index} is deleted`);
    };
    const parts = { scheduler, faults, committed, done };
    if (entity === 'event') deleteEntity(world.conference, id, parts);
    else deleteEntity(world.author, id, parts);
    scheduler.after(times.public, () => done('unknown'));
  });
  judge.told({ [entity]: id }, { process, start, kind: 'delete', outcome });
}
