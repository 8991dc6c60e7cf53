import { readFileSync } from 'node:fs';
import { isAlive } from './processes/table.ts';

const pollMs = 250;

/**
 * Watches npm and make, if they started this process: when they are gone, it has to stop. A killed one passes no signal
 * on, and neither does a make that is interrupted alone, as by `kill -INT`: it waits for its recipe.
 */
export function whenStarterGoes(stop: (who: string) => void): void {
  const npm = process.env['npm_lifecycle_event'] === 'start' ? process.ppid : undefined;
  const make = Number(process.env['MAKE_PID']) || undefined;
  const whyGone = () => {
    if (npm !== undefined && process.ppid !== npm) return 'npm was killed';
    if (make === undefined) return undefined;
    if (!isAlive(make)) return 'make was killed';
    return isInterrupted(make) ? 'make was interrupted' : undefined;
  };
  const timer = setInterval(() => {
    const why = whyGone();
    if (why === undefined) return;
    clearInterval(timer);
    stop(why);
  }, pollMs);
  timer.unref();
}

/** Signals as bits, the first signal being the lowest: SIGHUP, SIGINT, SIGTERM. */
const interruptions = (1n << 0n) | (1n << 1n) | (1n << 14n);

/** Whether a process is handling a signal: the signal is blocked meanwhile. Only Linux shows this. */
function isInterrupted(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const blocked = /^SigBlk:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return (BigInt(`0x${blocked}`) & interruptions) !== 0n;
  } catch {
    return false;
  }
}
