import type { SideName } from '../../relation.ts';
import type { ScanReport } from '../../reconciler/report.ts';
import type { Mode } from '../../reconciler/scan.ts';
import type { Outcome } from '../history/operation.ts';
import type { ClientParts } from './clientParts.ts';
import { deleteEntity } from './deleteEntity.ts';
import { readList } from './readList.ts';
import type { Step } from './plan.ts';
import type { Host, Scheduler } from './scheduler.ts';
import { times } from './times.ts';

/** Clients never die. */
const client: Host = { alive: true, suspendedUntil: 0 };

export function sleep(scheduler: Scheduler, ms: number): Promise<void> {
  return new Promise((resolve) => void scheduler.after(ms, resolve, client));
}

/** Does one step after the other, and reports each answer to the judge. */
export async function runClient(process: number, steps: Step[], parts: ClientParts): Promise<void> {
  for (const [i, step] of steps.entries()) {
    await sleep(parts.scheduler, step.pause);
    const requestId = `${process}.${i}`;
    parts.trace?.(`client ${process}: ${JSON.stringify(step)} as ${requestId}`);
    if (step.do === 'reconcile') parts.background.push(performReconcile(step, requestId, parts));
    else if (step.do === 'list') await readList(process, step, requestId, parts);
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
  const pair = { left: world.ids.left[step.left] ?? '', right: world.ids.right[step.right] ?? '' };
  const start = scheduler.tick();
  const answer = await gateways[step.gateway]?.ask(async (relation) => relation[step.do](pair, requestId));
  judge.answered(requestId);
  const outcome = answer ? outcomes[answer.outcome] : step.do === 'read' ? 'refused' : 'unknown';
  if (step.do === 'add' && (outcome === 'refused' || outcome === 'missing')) judge.refused(requestId);
  if (answer?.outcome === 'entity_not_found')
    for (const side of answer.missing) judge.missing({ side, id: pair[side] });
  if (answer && 'left' in answer) {
    const named = { left: answer.left.id, right: answer.right.id };
    judge.named(start, [named]);
    if (named.left !== pair.left || named.right !== pair.right) judge.fault('an answer is about another pair');
  }
  judge.observed(pair, { process, start, kind: step.do, outcome });
  return outcome;
}

const outcomes = {
  added: 'done',
  already_present: 'done',
  removed: 'done',
  visible: 'present',
  absent: 'absent',
  entity_not_found: 'missing',
  not_executed: 'refused',
  unknown: 'unknown',
} as const;

/** Runs one scan of a gateway's reconciler; gives null if that dies, or is stopped. */
export async function performReconcile(
  { gateway, mode = 'guarded' }: Pick<Step, 'gateway'> & { mode?: Mode },
  requestId: string,
  { gateways, trace }: Pick<ClientParts, 'gateways' | 'trace'>,
): Promise<ScanReport | null> {
  const scan = gateways[gateway]?.ask(({ reconciler }) =>
    reconciler.run({ mode }).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'Stopped') return null;
      throw error;
    }),
  );
  const report = (await scan) ?? null;
  trace?.(`reconciler ${requestId}: ${report ? JSON.stringify(report) : 'gave up'}`);
  return report;
}

async function performDelete(
  process: number,
  { side, index }: { side: SideName; index: number },
  { world, scheduler, faults, judge, trace }: ClientParts,
): Promise<void> {
  const id = world.ids[side][index] ?? '';
  const start = scheduler.tick();
  const outcome = await new Promise<Outcome>((resolve) => {
    const done = (outcome: Outcome) => void scheduler.after(0, () => resolve(outcome), client);
    const committed = () => {
      judge.deleted();
      trace?.(`${world[side].name} ${index} is deleted`);
    };
    deleteEntity(world[side], id, { scheduler, faults, committed, done });
    scheduler.after(times.requestMs, () => done('unknown'));
  });
  judge.observed({ [side]: id }, { process, start, kind: 'delete', outcome });
}
