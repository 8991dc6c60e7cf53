import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';

export type { Logger } from 'pino';

/** JSON, one line an event; easier on the eye where a person watches a terminal. */
export function createLogger({ service, level }: { service: string; level: string }): Logger {
  const options = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime };
  const pretty = { ignore: 'service', messageFormat: '{service}: {msg}' };
  return process.stdout.isTTY ? pino(options, PinoPretty(pretty)) : pino(options);
}
