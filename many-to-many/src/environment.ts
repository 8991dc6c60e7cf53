import { uuidv7At } from './claimIds.ts';

/** What the protocol uses of the machine that it runs on. A simulation passes another one. */
export interface Environment {
  /** Gives the time of a monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Makes a new UUIDv7. */
  readonly newId: () => string;
  /** Calls back once after `ms` milliseconds, unless cancelled by the function that it returns. */
  readonly timer: (ms: number, callback: () => void) => () => void;
  /** Calls back once at the end of the event loop's turn, when the requests that have arrived by now have been read. */
  readonly endOfTurn: (callback: () => void) => void;
}

/** The clock, the timers and the random numbers of Node.js or of a browser. */
export const machine: Environment = {
  now: () => performance.now(),
  // of the clock alone: an id that stayed ahead of a clock set back would be refused as from the future
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
