import { allFaults } from './faults.ts';
import { shrink } from './shrink.ts';
import { simulate, type SimulationOptions } from './simulate.ts';

/** A failing history for a person: what is wrong, what repeats it, and the smallest like it, event by event. */
export async function explain(options: SimulationOptions, repeat: string): Promise<string> {
  const { faults } = await simulate(options);
  const small = await shrink(options);
  const events: string[] = [];
  const shrunk = await simulate({ ...small, trace: (event) => events.push(event) });
  const used = allFaults.filter((fault) => !small.without.has(fault));
  return [
    `Seed ${options.seed} fails: ${faults.join('\n')}`,
    `Repeat it with: ${repeat}`,
    `\nThe smallest found like it (faults: ${used.join(', ') || 'none'}):`,
    ...events,
    ...shrunk.faults,
  ].join('\n');
}
