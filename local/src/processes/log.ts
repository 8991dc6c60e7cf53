import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** How long a log is now, so that what follows can be told from what was there. */
export function endOfLog(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines that were written to a log after `start`, to be put behind what happened. */
export function linesSince(path: string, start: number, { last = 15 } = {}): string {
  const end = endOfLog(path);
  const bytes = Buffer.alloc(Math.min(end - start, 20_000));
  const file = openSync(path, 'r');
  readSync(file, bytes, { position: end - bytes.length });
  closeSync(file);
  const lines = bytes.toString().trimEnd().split('\n').slice(-last).join('\n');
  return lines && `:\n${lines}`;
}
