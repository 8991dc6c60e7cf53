import { violationsOf } from '../histories/report.ts';
import { startProgressLine } from '../../test/support/progressLine.ts';
import type { TrialWatch } from './trial.ts';

/** Shows the progress of a run: histories, faults and violations. */
export function startProgress(seconds: number): {
  watch: Required<TrialWatch> & { fault: (violations: number) => void };
  stop: () => void;
} {
  const start = performance.now();
  const counts = { histories: 0, observations: 0, unknown: 0, faults: 0, violations: 0 };
  let phase = '';
  let workStart = start;

  const { show, stop } = startProgressLine(() => {
    const { histories, observations, unknown, faults, violations } = counts;
    const passed = Math.round((performance.now() - workStart) / 1_000);
    const state = phase === 'at work' ? `${Math.min(passed, seconds)} of ${seconds} s at work` : phase;
    const observed = `${histories} histories, ${observations} observations of pairs, ${unknown} unknown`;
    const struck = faults > 0 ? `, ${faults} faults` : '';
    return `${state}: ${observed}${struck}, ${violations === 0 ? 'no violation' : `${violations} VIOLATIONS`}`;
  });

  return {
    watch: {
      phase: (name) => {
        phase = name;
        if (name === 'at work') workStart = performance.now();
        show();
      },
      history: (history) => {
        counts.histories += 1;
        counts.observations += history.operations.length;
        counts.unknown += history.operations.filter(({ outcome }) => outcome === 'unknown').length;
        counts.violations += violationsOf(history).length;
      },
      fault: (violations) => {
        counts.faults += 1;
        counts.violations += violations;
      },
    },
    stop,
  };
}
