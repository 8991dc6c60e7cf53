import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEntry } from './processes/table.ts';

const lockFile = (dataFolder: string) => join(dataFolder, 'start.pid');

/** @returns the id of the process that runs the system of this data folder, if there is one */
export function runnerOf(dataFolder: string): number | undefined {
  const path = lockFile(dataFolder);
  const pid = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  // after a restart of the machine the id may belong to any other process
  const isRunner = processEntry(pid)?.args.some((arg) => arg.endsWith('local/start.mjs'));
  return isRunner && pid !== process.pid ? pid : undefined;
}

/**
 * Makes this process the one that runs the system of a data folder, which it creates if necessary.
 * @returns a function that releases the folder
 * @throws if another process runs it, or if the folder cannot be written
 */
export function lockFolder(dataFolder: string): () => void {
  const runner = runnerOf(dataFolder);
  if (runner !== undefined)
    throw new Error(`the system of ${dataFolder} is already running: stop it with Ctrl-C, or with \`kill ${runner}\``);
  const path = lockFile(dataFolder);
  try {
    mkdirSync(dataFolder, { recursive: true });
    rmSync(path, { force: true });
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch (cause) {
    throw new Error(`cannot write to ${dataFolder}: give it to this user, or set DATA_FOLDER to another folder`, {
      cause,
    });
  }
  return () => rmSync(path);
}
