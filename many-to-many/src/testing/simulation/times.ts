import { createTimes, finalAfterMs } from '../../times.ts';

/** The table of times of every history: that of production. */
export const times = createTimes();

const { waitMs, requestMs, expiryMs, skewMs, graceMs } = times;

/** Durations around each of the bounds on time, in milliseconds. */
export const around = {
  deadlines: [0.8 * waitMs, 1.1 * requestMs],
  expiry: [0.8 * expiryMs, Math.round(1.15 * finalAfterMs(times))],
  grace: [0.9 * graceMs, graceMs + 2 * (expiryMs + skewMs)],
} as const;
