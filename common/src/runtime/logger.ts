import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';

export type { Logger } from 'pino';

/** Logs one line of JSON for each event, or a more readable form on a terminal. */
export function createLogger({ service, level }: { service: string; level: string }): Logger {
  const options = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime };
  const pretty = { ignore: 'service', messageFormat: '{service}: {msg}' };
  return process.stdout.isTTY ? pino(options, PinoPretty(pretty)) : pino(options);
}
