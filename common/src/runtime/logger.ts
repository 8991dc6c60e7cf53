import { pino, type Logger } from 'pino';
import { LogOutput } from './logOutput.ts';

export type { Logger } from 'pino';

/** Loaded on a terminal only. */
const pretty = process.stdout.isTTY ? (await import('pino-pretty')).PinoPretty : undefined;

let output: LogOutput | undefined;

/** Gives the number of log lines that could not be written since the process started. */
export const droppedLines = () => output?.dropped ?? 0;

/** Makes the log: one line of JSON on standard output for each event, or a more readable form on a terminal. */
export function createLogger({ service, level }: { service: string; level: string }): Logger {
  const options = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime };
  if (pretty) return pino(options, pretty({ ignore: 'service', messageFormat: '{service}: {msg}' }));
  output = new LogOutput(process.stdout.fd, (dropped) => log.warn({ dropped }, 'log lines were dropped'));
  process.on('exit', () => output?.flushSync());
  const log = pino(options, output);
  return log;
}

/** Makes an error that nobody handles the last line of the log, and ends the process with 1. */
export function exitOnError(log: Logger): void {
  // a rejected promise that nobody handles arrives here too
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error was not handled');
    process.exit(1);
  });
}
