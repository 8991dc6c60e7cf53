import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Gives the length of a log, to find later what was added. */
export function endOfLog(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Gives the last lines that were written to a log after `start`, to append to an error message. */
export function linesSince(path: string, start: number, { last = 15 } = {}): string {
  const end = endOfLog(path);
  const bytes = Buffer.alloc(Math.min(end - start, 20_000));
  const file = openSync(path, 'r');
  readSync(file, bytes, { position: end - bytes.length });
  closeSync(file);
  const lines = bytes.toString().trimEnd().split('\n').slice(-last).join('\n');
  return lines && `:\n${lines}`;
}
