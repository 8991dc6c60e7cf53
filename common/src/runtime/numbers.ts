import { z } from 'zod';
import { wholeNumber } from '../contract/values.ts';

/** A port to listen on; 0 lets the system choose. */
export const port = (value: number) => wholeNumber({ min: 0, max: 65_535 }).default(value);

/** A port to connect to. */
export const remotePort = (value: number) => wholeNumber({ min: 1, max: 65_535 }).default(value);

export const atLeastOne = (value: number) => wholeNumber({ min: 1, max: 1_000_000 }).default(value);

export const flag = (value: boolean) =>
  z
    .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive', error: 'must be true or false' })
    .default(value);

const decimal = /^(0|[1-9]\d*)(\.\d+)?$/;

/** A factor: decimal digits, with or without a point. `Number` would also take "0x10", "1e3" and "". */
export function scale(value: number) {
  const error = 'must be a decimal number above 0, such as 0.5';
  return z
    .preprocess(
      (text) => (typeof text === 'string' && decimal.test(text) ? Number(text) : text),
      z.number({ error }).positive({ error }),
    )
    .default(value);
}
