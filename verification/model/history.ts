import type { Operation, Outcome } from '../../test/support/history.ts';
import type { Kind, Scenario } from './scenarios.ts';
import type { Step } from './state.ts';

/** What clients saw of a way through a scenario, as the checker of the other tests takes it. */
export function historyOf({ kinds, actors }: Scenario, steps: readonly Step[]): Operation[] {
  return kinds.flatMap((kind, operation): Operation[] => {
    const mine = (step: Step) => step.operation === operation;
    const start = steps.findIndex(mine);
    if (!isClients(kind) || start < 0) return [];
    const end = steps.findIndex((step) => mine(step) && step.told !== null);
    const outcome = (steps[end]?.told ?? 'unknown') as Outcome;
    const time = outcome === 'unknown' ? null : 2 * end + 1;
    return [{ process: actors[operation] ?? 0, kind, outcome, start: 2 * start, end: time }];
  });
}

function isClients(kind: Kind): kind is Operation['kind'] {
  return kind !== 'reconcile' && kind !== 'grace';
}
