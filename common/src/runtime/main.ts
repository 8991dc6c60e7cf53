import { constants } from 'node:os';
import { ConfigError } from './configError.ts';

/*
 * This module imports nothing that takes long to load: until a signal has a handler, a container's first process
 * ignores it.
 */

/** Ends the process at once, with the exit code by which a shell reports the signal: 143 for SIGTERM, 130 for SIGINT. */
export function exitOnSignal(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}

/**
 * Runs a program. SIGTERM and SIGINT end it at once, unless the program replaces `exitOnSignal`. If it fails, prints one
 * readable message and exits with code 1.
 * @param start imports the rest of the program, so that signals are handled before it is loaded
 */
export function main(start: () => Promise<void>): void {
  process.on('SIGTERM', exitOnSignal);
  process.on('SIGINT', exitOnSignal);
  start().catch((error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  });
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return error.message;
  // an answer of PostgreSQL, such as to a wrong password
  if ('severity' in error)
    return `PostgreSQL refused: ${error.message}. Check DATABASE_NAME, DATABASE_USER and DATABASE_PASSWORD.`;
  const unreachable = 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
  if (unreachable) return `PostgreSQL cannot be reached: ${error.message}. Check DATABASE_HOST and DATABASE_PORT.`;
  return 'syscall' in error ? error.message : (error.stack ?? error.message);
}
