import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createTimes } from '@attendance/common/times';
import { wholeNumber } from '../support/options.ts';

export interface Options {
  seconds: number;
  seed: number;
  timeScale: number;
  /** Histories at a time; each has a few clients of its own. */
  parallel: number;
  /** The file for what was told. */
  history: string;
}

/**
 * @param args of the command line
 * @throws where they make no run, with a message that says why
 */
export function readOptions(args: string[], defaults: Pick<Options, 'history'>): Options {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      'time-scale': { type: 'string', default: '0.2' },
      clients: { type: 'string', default: '40' },
      history: { type: 'string', default: defaults.history },
    },
  });
  const seconds = Math.round(number('minutes', values.minutes) * 60);
  if (seconds < 1) throw new Error(`--minutes ${values.minutes}: it takes a second at least`);
  const timeScale = number('time-scale', values['time-scale']);
  if (timeScale <= 0) throw new Error(`--time-scale ${values['time-scale']}: it has to be above 0`);
  // whether times so short still have their order
  createTimes({ scale: timeScale });
  return {
    seconds,
    seed: wholeNumber('seed', values.seed, 0),
    timeScale,
    parallel: wholeNumber('clients', values.clients, 1),
    history: values.history,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`--${name} ${text}: it has to be a number`);
  return value;
}
