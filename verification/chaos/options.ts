import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createTimes } from '@attendance/common/times';
import { wholeNumber } from '../../test/support/options.ts';

export interface Options {
  /** Base URLs of a system that is there; none where one is started, and broken. */
  gateways: string[];
  seconds: number;
  seed: number;
  /** Of all the times of the system; with gateways, what it was started with. */
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
      gateway: { type: 'string', multiple: true, default: [] },
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      'time-scale': { type: 'string' },
      clients: { type: 'string', default: '20' },
      history: { type: 'string', default: defaults.history },
    },
  });
  const seconds = Math.round(number('minutes', values.minutes) * 60);
  if (seconds < 1) throw new Error(`--minutes ${values.minutes}: it takes a second at least`);
  const gateways = values.gateway.map(baseUrl);
  const scale = values['time-scale'] ?? (gateways.length > 0 ? '1' : '0.2');
  const timeScale = number('time-scale', scale);
  if (timeScale <= 0) throw new Error(`--time-scale ${scale}: it has to be above 0`);
  // whether times so short still have their order
  createTimes({ scale: timeScale });
  return {
    gateways,
    seconds,
    seed: wholeNumber('seed', values.seed, 0),
    timeScale,
    parallel: wholeNumber('clients', values.clients, 1),
    history: values.history,
  };
}

/** Paths are added to it, and nothing encrypts. */
function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.href === `${url.origin}/`) return url.origin;
  throw new Error(`--gateway ${text}: it has to be like http://localhost:8090`);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`--${name} ${text}: it has to be a number`);
  return value;
}
