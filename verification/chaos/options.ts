import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createTimes } from '@attendance/common/times';
import { wholeNumber } from '../../test/support/options.ts';

export interface Options {
  /** The base URLs of an external system; empty to start a system and inject faults. */
  gateways: string[];
  /** What is broken in a system that is started: everything but the data, or the primaries of its databases. */
  breaks: 'everything' | 'primaries' | 'primaries of Patroni' | 'asynchronous primaries';
  seconds: number;
  seed: number;
  /** The scale of all times of the system. */
  timeScale: number;
  /** The number of concurrent histories; each has 3 or 4 clients. */
  parallel: number;
  /** The path of the file of histories. */
  history: string;
}

const primaries = { ours: 'primaries', patroni: 'primaries of Patroni', async: 'asynchronous primaries' } as const;
/** A service has 5 s to recover from these, at the times of production. */
const inTime: Options['breaks'][] = ['primaries', 'primaries of Patroni'];

/**
 * Parses the command line.
 * @throws if an option is invalid
 */
export function readOptions(args: string[], defaults: Pick<Options, 'history'>): Options {
  const { values } = parseArgs({
    args,
    options: {
      gateway: { type: 'string', multiple: true, default: [] },
      failover: { type: 'boolean', default: false },
      async: { type: 'boolean', default: false },
      patroni: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      'time-scale': { type: 'string' },
      clients: { type: 'string', default: '20' },
      history: { type: 'string', default: defaults.history },
    },
  });
  const seconds = Math.round(parseNumber('minutes', values.minutes) * 60);
  if (seconds < 1) throw new Error(`--minutes must be at least 1 second (got ${values.minutes})`);
  const gateways = values.gateway.map(parseBaseUrl);
  if (values.failover && gateways.length > 0)
    throw new Error('--failover needs a system of its own: leave out --gateway');
  const kinds = (['async', 'patroni'] as const).filter((kind) => values[kind]);
  if (kinds.length > 0 && !values.failover) throw new Error(`--${kinds[0]} needs --failover`);
  if (kinds.length > 1)
    throw new Error('--async and --patroni exclude each other: Patroni replicates synchronously here');
  const breaks = values.failover ? primaries[kinds[0] ?? 'ours'] : 'everything';
  const scale = values['time-scale'] ?? (gateways.length > 0 || inTime.includes(breaks) ? '1' : '0.2');
  const timeScale = parseNumber('time-scale', scale);
  if (timeScale <= 0) throw new Error(`--time-scale must be above 0 (got ${scale})`);
  // throws if the times are too short to keep their order
  createTimes({ scale: timeScale });
  return {
    gateways,
    breaks,
    seconds,
    seed: wholeNumber('seed', values.seed, 0),
    timeScale,
    parallel: wholeNumber('clients', values.clients, 1),
    history: values.history,
  };
}

/** Parses a base URL of plain HTTP without a path. */
function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.href === `${url.origin}/`) return url.origin;
  throw new Error(`--gateway must be a URL such as http://localhost:8090 (got ${JSON.stringify(text)})`);
}

function parseNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Error(`--${name} must be a number (got ${JSON.stringify(text)})`);
  return value;
}
