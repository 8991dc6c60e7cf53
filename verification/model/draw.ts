import { numbers } from './copies.ts';
import type { Kind, Scenario } from './scenarios.ts';
import { heldAtFirst, sides, type Both, type Copy, type Step } from './state.ts';

/**
 * A way through a scenario as text, time from top to bottom: a column for each actor, with what it does from `┌` to
 * `└` and what it is told; then what happens; then what both copies hold after it, a retired claim's mark in
 * parentheses. `!` is the answer that no order explains.
 *
 *   client 1     what happens            author   conference
 *   ┌ add        author: takes claim 1   1        -
 *   └ done       conference: takes ...   1        1
 */
export function draw(scenario: Scenario, steps: readonly Step[]): string {
  const lanes = lanesOf(scenario, steps);
  const held = heldAtFirst(scenario);
  const copy = { held, marked: 0, gone: false };
  const open = new Set<string>();
  const rows = [
    [...lanes, 'what happens', ...sides],
    [...lanes.map(() => ''), 'at first', ...holdings({ author: copy, conference: copy })],
  ];
  for (const step of steps) {
    const own = laneOf(scenario, step);
    const cells = lanes.map((lane) => {
      if (lane !== own) return open.has(lane) ? '│' : '';
      return cell(scenario, step) + (step === steps.at(-1) ? ' !' : '');
    });
    rows.push([...cells, step.text, ...holdings(step.state.copies)]);
    if (own !== null && isOver(step)) open.delete(own);
    else if (own !== null) open.add(own);
  }
  return table(rows);
}

/** Those who do something. */
function lanesOf(scenario: Scenario, steps: readonly Step[]): string[] {
  return [...new Set(steps.flatMap((step) => laneOf(scenario, step) ?? []))].sort();
}

function laneOf({ kinds, actors }: Scenario, { operation }: Step): string | null {
  if (operation === null) return null;
  const is = (kind: Kind) => kind === 'reconcile';
  const reconciles = is(kinds[operation] ?? 'read');
  const own = [...new Set(actors.filter((_, i) => kinds[i] !== 'grace' && is(kinds[i] ?? 'read') === reconciles))];
  return `${reconciles ? 'reconciler' : 'client'} ${own.indexOf(actors[operation] ?? 0) + 1}`;
}

const isOver = ({ operation, state }: Step) => operation !== null && state.operations[operation]?.stage === 'over';

function cell({ kinds }: Scenario, step: Step): string {
  const kind = kinds[step.operation ?? 0] ?? '';
  if (step.begins) return isOver(step) ? `─ ${kind}: ${step.told ?? ''}` : `┌ ${kind}`;
  return isOver(step) ? `└ ${step.told ?? ''}`.trimEnd() : '├';
}

function holdings(copies: Both<Copy>): string[] {
  return sides.map((side) => {
    const { held, marked, gone } = copies[side];
    const marks = numbers(marked).map((number) => `(${number})`);
    return gone ? 'gone' : [...numbers(held), ...marks].join(' ') || '-';
  });
}

function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const lines = rows.map((row) => row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('   '));
  return lines.map((line) => line.trimEnd()).join('\n');
}
