import { z } from 'zod';

/** A whole number as people write it: `Number` would also take "0x10", "1e3" and "". */
const whole = ({ min, max }: { min: number; max: number }) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number, without quotes or anything else')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** A port to listen on; 0 lets the system choose. */
export const port = (value: number) => whole({ min: 0, max: 65_535 }).default(value);
/** A port to connect to. */
export const remotePort = (value: number) => whole({ min: 1, max: 65_535 }).default(value);
export const atLeastOne = (value: number) => whole({ min: 1, max: Number.MAX_SAFE_INTEGER }).default(value);
