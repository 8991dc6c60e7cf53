import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dataFolderArgument } from '../orphans.ts';
import { startProcess } from '../processes/child.ts';
import { programEnvironment, type Programs } from './programs.ts';

interface NewDataFolder {
  dataFolder: string;
  password: string;
  log: string;
  /** Do not wait until it is written to the disk. */
  unsafe: boolean;
}

/** Creates the folder under another name first, so that a half-made one is never used. */
export async function createDataFolder({ initdb, user }: Programs, options: NewDataFolder): Promise<void> {
  const { dataFolder, password, log, unsafe } = options;
  const unfinished = `${dataFolder}.new`;
  const passwordFile = `${unfinished}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) [unfinished, passwordFile].forEach((path) => chownSync(path, user.uid, user.gid));

  const command = [
    ...initdb,
    `--pgdata=${unfinished}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    // one call for the whole disk instead of one for each of a thousand files
    ...(unsafe ? ['--no-sync'] : process.platform === 'linux' ? ['--sync-method=syncfs'] : []),
    '-c',
    dataFolderArgument(dataFolder),
  ];
  const run = await startProcess(command, { env: programEnvironment, log, stopSignal: 'SIGINT' });
  const how = await run.exited;
  rmSync(passwordFile);
  if (how !== 'ended with code 0') throw new Error(`initdb ${how}${run.logged()}`);
  renameSync(unfinished, dataFolder);
}
