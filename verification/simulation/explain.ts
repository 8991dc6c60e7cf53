import { drawHistory } from '../histories/drawing.ts';
import { allFaults } from './faults.ts';
import { shrink } from './shrink.ts';
import { simulate, type SimulationOptions } from './simulate.ts';

/** A failing history for a person: what is wrong, what repeats it, and the smallest like it, drawn and event by event. */
export async function explain(options: SimulationOptions, repeat: string): Promise<string> {
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
    '\nAll that clients were told:',
    ...drawings,
    '\nHow it came about:',
    ...events,
  ].join('\n');
}
