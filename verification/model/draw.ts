import { numbers } from './copies.ts';
import type { Kind, Scenario } from './scenarios.ts';
import { heldAtFirst, sides, type Both, type Copy, type Step } from './state.ts';

/**
 * Draws a path through a scenario as text, time from top to bottom. Each actor has a column: its operation goes from
 * `┌` to `└`, which has the answer. The next column says what happens, and the last two which claims each copy holds
 * afterwards, tombstones in parentheses. `!` is the answer that makes the history not linearizable.
 *
 *   client 1   what happens             left   right
 *   ┌ add      left: accepts claim 1    1      -
 *   └ done     right: accepts claim 1   1      1
 */
export function draw(scenario: Scenario, steps: readonly Step[]): string {
  const lanes = lanesOf(scenario, steps);
  const held = heldAtFirst(scenario);
  const copy = { held, tombstones: 0, gone: false };
  const open = new Set<string>();
  const rows = [
    [...lanes, 'what happens', ...sides],
    [...lanes.map(() => ''), 'at first', ...holdings({ left: copy, right: copy })],
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

/** Returns the names of the actors that make a step, one for each column. */
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
  if (step.begins) return isOver(step) ? `─ ${kind}: ${step.answer ?? ''}` : `┌ ${kind}`;
  return isOver(step) ? `└ ${step.answer ?? ''}`.trimEnd() : '├';
}

function holdings(copies: Both<Copy>): string[] {
  return sides.map((side) => {
    const { held, tombstones, gone } = copies[side];
    const retired = numbers(tombstones).map((number) => `(${number})`);
    const claims = [...numbers(held), ...retired].join(' ');
    return gone ? `gone ${claims}`.trimEnd() : claims || '-';
  });
}

function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const lines = rows.map((row) => row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('   '));
  return lines.map((line) => line.trimEnd()).join('\n');
}
