import type { Operation, Outcome } from '../../test/support/history.ts';
import type { Kind, Scenario } from './scenarios.ts';
import type { Step } from './state.ts';

/** Converts a path through a scenario to the history that its clients see, for checkPair. */
export function historyOf({ kinds, actors }: Scenario, steps: readonly Step[]): Operation[] {
  return kinds.flatMap((kind, operation): Operation[] => {
    const isOwn = (step: Step) => step.operation === operation;
    const start = steps.findIndex(isOwn);
    if (!isClients(kind) || start < 0) return [];
    const end = steps.findIndex((step) => isOwn(step) && step.answer !== null);
    const outcome = (steps[end]?.answer ?? 'unknown') as Outcome;
    const time = outcome === 'unknown' ? null : 2 * end + 1;
    return [{ process: actors[operation] ?? 0, kind, outcome, start: 2 * start, end: time }];
  });
}

function isClients(kind: Kind): kind is Operation['kind'] {
  return kind !== 'reconcile' && kind !== 'grace';
}
