import { chownSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { platform } from 'node:process';
import { endOfLog, linesSince } from '../processes/log.ts';
import { endGroup, killGroup } from '../processes/table.ts';
import { spawnProgram, type Program } from './spawn.ts';

export interface NewDataFolder {
  dataFolder: string;
  password: string;
  /** Do not wait until it is written to the disk. */
  unsafe: boolean;
  signal: AbortSignal | undefined;
}

/** Creates the folder under another name first, so that a half-made one is never used. */
export async function makeDataFolder(initdb: Program, options: NewDataFolder): Promise<void> {
  const { dataFolder, password, unsafe, signal } = options;
  const unfinished = `${dataFolder}.new-`;
  for (const name of readdirSync(dirname(dataFolder)))
    // repeated: an initdb that outlived its start may still write, and ends when it finds nothing there
    if (name.startsWith(basename(unfinished)))
      rmSync(join(dirname(dataFolder), name), { recursive: true, maxRetries: 10, retryDelay: 50 });

  const folder = mkdtempSync(unfinished);
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const { account } = initdb;
  if (account) [folder, passwordFile].forEach((path) => chownSync(path, account.uid, account.gid));

  const start = endOfLog(initdb.log);
  const started = await spawnProgram(initdb, [folder, passwordFile], (data = '', pwfile = '') => [
    `--pgdata=${data}`,
    `--pwfile=${pwfile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    // one call for the whole disk instead of one for each of a thousand files
    ...(unsafe ? ['--no-sync'] : platform === 'linux' ? ['--sync-method=syncfs'] : []),
  ]);
  const kill = () => killGroup(started.pid);
  signal?.addEventListener('abort', kill);
  const how = await started.exited;
  signal?.removeEventListener('abort', kill);
  rmSync(passwordFile);
  if (signal?.aborted) await endGroup(started.pid);
  signal?.throwIfAborted();
  if (how !== 'ended with code 0') throw new Error(`initdb ${how}${linesSince(initdb.log, start)}`);
  renameSync(folder, dataFolder);
}
