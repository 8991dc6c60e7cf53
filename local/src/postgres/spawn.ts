import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { running, type Running } from '../processes/child.ts';
import type { Account } from './account.ts';

export interface Program {
  command: string;
  account: Account | undefined;
  log: string;
}

/** The gentle signal rolls back what is under way; none of them loses what is committed. */
const stops: { signal: NodeJS.Signals; wait: number }[] = [
  { signal: 'SIGINT', wait: 10_000 },
  { signal: 'SIGQUIT', wait: 5_000 },
];

/**
 * Starts a program of PostgreSQL apart from the terminal, so that a Ctrl-C reaches only whoever stops it in order.
 *
 * `paths` may lie below folders that are closed to its account (root's home, say). On Linux it is therefore handed
 * each as an open file, and told to find it at /proc/self/fd, which asks for no right to the folders above. Elsewhere
 * root needs a project that others can enter.
 * @param args makes its arguments of the paths as it sees them
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
      // the language of the machine must neither fail it nor change what it says
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', output, output, ...rest],
    });
    return await running(child, stops);
  } finally {
    files.forEach((file) => closeSync(file));
  }
}
