import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { running, type Running } from '../processes/child.ts';
import type { Account } from './account.ts';

export interface Program {
  command: string;
  account: Account | undefined;
  log: string;
}

/** The first signal rolls back open transactions. None of them loses a commit. */
const stops: { signal: NodeJS.Signals; wait: number }[] = [
  { signal: 'SIGINT', wait: 10_000 },
  { signal: 'SIGQUIT', wait: 5_000 },
];

/**
 * Starts a program of PostgreSQL in a session of its own, so that Ctrl-C does not reach it, and we stop it in order.
 *
 * `paths` may lie below folders that are closed to its account, such as root's home. On Linux it therefore gets each one
 * as an open file, at /proc/self/fd, which needs no right to the folders above. On other systems root needs a project
 * folder that others can enter.
 * @param args makes its arguments from the paths as the program sees them
 */
export async function spawnProgram(
  { command, account, log }: Program,
  paths: string[],
  args: (...seen: string[]) => string[],
): Promise<Running> {
  const handed = account && process.platform === 'linux' ? paths : [];
  const files = [openSync(log, 'a', 0o600), ...handed.map((path) => openSync(path, 'r'))];
  try {
    const [output, ...rest] = files;
    const child = spawn(command, args(...paths.map((path, i) => (handed.length ? `/proc/self/fd/${i + 3}` : path))), {
      ...account,
      cwd: '/',
      detached: true,
      // the locale of the machine must neither break it nor translate its messages
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', output, output, ...rest],
    });
    return await running(child, stops);
  } finally {
    files.forEach((file) => closeSync(file));
  }
}
