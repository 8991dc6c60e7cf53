import type { ComposedRelation } from '../../createRelation.ts';
import { drawHistory } from '../history/drawHistory.ts';
import { allFaults } from './faults.ts';
import { shrink } from './shrink.ts';
import { simulate, type SimulationOptions } from './simulate.ts';

/**
 * Describes a failing history for a person: what is wrong, how to repeat it, and the smallest history like it, drawn
 * and event by event.
 */
export async function explain<Left, Right, Composed extends ComposedRelation<Left, Right>>(
  options: SimulationOptions<Left, Right, Composed>,
  repeat: string,
): Promise<string> {
  const { faults } = await simulate(options);
  const small = await shrink(options);
  const events: string[] = [];
  const shrunk = await simulate({ ...small, trace: (event) => events.push(event) });
  const used = allFaults.filter((fault) => shrunk.struck.has(fault));
  const drawings = shrunk.histories
    .map((history, pair) => `pair ${pair}\n${drawHistory(history)}`)
    .filter((_, pair) => shrunk.histories[pair]?.length);
  return [
    `Seed ${options.seed} fails: ${faults.join('\n')}`,
    `Repeat it with: ${repeat}`,
    `\nThe smallest found like it (faults: ${used.join(', ') || 'none'}):`,
    ...shrunk.faults,
    '\nAll that clients observed:',
    ...drawings,
    '\nHow it came about:',
    ...events,
  ].join('\n');
}
