import { violationsOf } from '../histories/report.ts';
import { startProgressLine } from '../../test/support/progressLine.ts';
import type { ChaosWatch } from './chaos.ts';

/** How a run goes on: what is done, what struck, and what was wrong. */
export function startProgress(seconds: number): { watch: Required<ChaosWatch>; stop: () => void } {
  const began = performance.now();
  const counts = { histories: 0, observations: 0, unknown: 0, faults: 0, violations: 0 };
  let phase = '';
  let atWork = began;

  const { show, stop } = startProgressLine(() => {
    const { histories, observations, unknown, faults, violations } = counts;
    const passed = Math.round((performance.now() - atWork) / 1_000);
    const how = phase === 'at work' ? `${Math.min(passed, seconds)} of ${seconds} s at work` : phase;
    const told = `${histories} histories, ${observations} observations of pairs, ${unknown} unknown`;
    const struck = faults > 0 ? `, ${faults} faults` : '';
    return `${how}: ${told}${struck}, ${violations === 0 ? 'no violation' : `${violations} VIOLATIONS`}`;
  });

  return {
    watch: {
      phase: (name) => {
        phase = name;
        if (name === 'at work') atWork = performance.now();
        show();
      },
      history: (history) => {
        counts.histories += 1;
        counts.observations += history.operations.length;
        counts.unknown += history.operations.filter(({ outcome }) => outcome === 'unknown').length;
        counts.violations += violationsOf(history).length;
      },
      strike: () => {
        counts.faults += 1;
      },
    },
    stop,
  };
}
