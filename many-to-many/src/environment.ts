import { uuidv7At } from './claimIds.ts';

/** The clock, timers and random ids that the protocol uses. A simulation passes its own. */
export interface Environment {
  /** Returns the time of a monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Makes a new UUIDv7. */
  readonly newId: () => string;
  /** Calls back once after `ms` milliseconds. The function that it returns cancels that. */
  readonly timer: (ms: number, callback: () => void) => () => void;
  /** Calls back once at the end of the event loop's turn, after all requests that have already arrived were read. */
  readonly endOfTurn: (callback: () => void) => void;
}

/** The clock, the timers and the random numbers of Node.js or of a browser. */
export const machine: Environment = {
  now: () => performance.now(),
  // Not monotonic: if the clock were set back and ids stayed ahead of it, copies would refuse them as from the future.
  newId: () => uuidv7At(Date.now(), crypto.getRandomValues(new Uint8Array(10))),
  timer: (ms, callback) => {
    const timeout = setTimeout(callback, ms);
    return () => clearTimeout(timeout);
  },
  endOfTurn: (callback) => {
    // browsers have no setImmediate
    const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };
    if (setImmediate) setImmediate(callback);
    else setTimeout(callback, 0);
  },
};
