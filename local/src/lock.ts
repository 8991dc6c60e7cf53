import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, startOf } from './processes/table.ts';

/** The process that runs the system of a data folder: its id, and when it was started. */
interface Holder {
  pid: number;
  start: string;
}

const lockPath = (dataFolder: string) => join(dataFolder, 'runner.json');

/** @returns the id of the process that runs the system of this data folder, if there is one */
export function runnerOf(dataFolder: string): number | undefined {
  const holder = parse(read(lockPath(dataFolder)));
  if (!holder || holder.pid === process.pid) return undefined;
  // the id alone may belong to another process now
  return isAlive(holder.pid) && startOf(holder.pid) === holder.start ? holder.pid : undefined;
}

/**
 * Makes this process the one that runs the system of a data folder.
 * @returns a function that releases it, or the id of the process that runs it already
 */
export function takeLock(dataFolder: string): { release: () => void } | { runner: number } {
  const path = lockPath(dataFolder);
  const own = `${path}.${process.pid}`;
  const content = JSON.stringify({ pid: process.pid, start: startOf(process.pid) } satisfies Holder);
  writeFileSync(own, content);
  try {
    for (;;) {
      const found = read(path);
      const runner = runnerOf(dataFolder);
      if (runner !== undefined) return { runner };
      if (found !== undefined) discard(path, found);
      // linking is atomic, so only one of several processes succeeds
      if (linked(own, path)) return { release: () => read(path) === content && rmSync(path) };
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes a dead process's lock, but not one that another start has just put there. */
function discard(path: string, dead: string): void {
  const aside = `${path}.old-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== dead) linked(aside, path);
  rmSync(aside);
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string | undefined): Holder | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Holder);
}
