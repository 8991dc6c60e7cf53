import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './output.ts';
import type { Running } from './processes/child.ts';

/** A process that the system needs. */
export interface Part {
  readonly name: string;
  /**
   * @returns when it is ready
   * @throws if it ends before that, or if `signal` is aborted; then no process is left running
   */
  start(signal: AbortSignal): Promise<Running>;
}

export interface Kept {
  /** Rejects if it does not start the first time. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
  /** Sends a signal while it stops. */
  kill(signal: NodeJS.Signals): void;
}

/** A part that ran for this long before it died is restarted without delay. In milliseconds. */
const calm = 30_000;
const maxDelay = 5_000;

/** Starts a part, and restarts it whenever it dies, with a growing delay if it keeps dying. */
export function keepRunning(part: Part, event: (text: string) => void): Kept {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: Running | undefined;
  let failures = 0;

  const ready = startPart();
  const watched = ready.then(watch).catch(() => undefined);

  async function startPart(): Promise<void> {
    current = await part.start(signal);
    // it was told to stop just when it became ready
    if (signal.aborted) await current.stop();
  }

  async function watch(): Promise<void> {
    while (current) {
      const began = performance.now();
      const how = await current.exited;
      if (signal.aborted) return;
      failures = performance.now() - began < calm ? failures + 1 : 1;
      event(`${part.name} ${how}: starting it again`);
      while (!(await restarted())) failures += 1;
    }
  }

  async function restarted(): Promise<boolean> {
    const delay = failures === 1 ? 0 : Math.min(100 * 2 ** failures, maxDelay);
    await sleep(delay, undefined, { signal });
    try {
      await startPart();
      event(`${part.name} is ready again`);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      event(`starting ${part.name} failed, and is tried again: ${messageOf(error)}`);
      return false;
    }
  }

  return {
    ready,
    kill: (killSignal) => current?.kill(killSignal),
    async stop() {
      stopping.abort();
      await current?.stop();
      await watched;
    },
  };
}
