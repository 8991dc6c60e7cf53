import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Loaded on a terminal only. */
const pretty = process.stdout.isTTY ? (await import('pino-pretty')).PinoPretty : undefined;

/** Logs one line of JSON for each event, or a more readable form on a terminal. */
export function createLogger({ service, level }: { service: string; level: string }): Logger {
  const options = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime };
  return pretty ? pino(options, pretty({ ignore: 'service', messageFormat: '{service}: {msg}' })) : pino(options);
}
