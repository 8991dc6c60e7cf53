import { violationsOf } from '../consistency/report.ts';
import type { ChaosWatch } from './chaos.ts';

/** How a run goes on: one line that changes where somebody watches, one every 10 s elsewhere. */
export function startProgress(seconds: number): { watch: ChaosWatch; stop: () => void } {
  const began = performance.now();
  const counts = { histories: 0, observations: 0, unknown: 0, faults: 0, violations: 0 };
  let phase = '';
  let underFaults = began;

  const show = () => {
    const { histories, observations, unknown, faults, violations } = counts;
    const passed = Math.round((performance.now() - underFaults) / 1_000);
    const how = phase === 'under faults' ? `${Math.min(passed, seconds)} of ${seconds} s under faults` : phase;
    const told = `${histories} histories, ${observations} observations of pairs, ${unknown} unknown, ${faults} faults`;
    const line = `${how}: ${told}, ${violations === 0 ? 'no violation' : `${violations} VIOLATIONS`}`;
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
  const timer = setInterval(show, process.stdout.isTTY ? 250 : 10_000);

  return {
    watch: {
      phase: (name) => {
        phase = name;
        if (name === 'under faults') underFaults = performance.now();
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
    stop: () => {
      clearInterval(timer);
      if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    },
  };
}
