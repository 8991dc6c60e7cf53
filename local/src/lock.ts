import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, startOf } from './processes/table.ts';

/** Who runs the system of a data folder: a process id, and when that process was started. */
interface Holder {
  pid: number;
  start: string;
}

const lockPath = (dataFolder: string) => join(dataFolder, 'runner.json');

/** @returns the process id of the start that runs the system of this data folder, if one does */
export function runnerOf(dataFolder: string): number | undefined {
  const holder = parse(read(lockPath(dataFolder)));
  if (!holder || holder.pid === process.pid) return undefined;
  // the number alone may belong to another process by now
  return isAlive(holder.pid) && startOf(holder.pid) === holder.start ? holder.pid : undefined;
}

/**
 * Makes this process the one that runs the system of a data folder.
 * @returns a function that gives it up again, or the process id of the one that runs it already
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
      // a link appears whole or fails, so of several at once one succeeds
      if (linked(own, path)) return { release: () => read(path) === content && rmSync(path) };
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes what a dead runner left; if another start has been quicker to put its own there, that stays. */
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
