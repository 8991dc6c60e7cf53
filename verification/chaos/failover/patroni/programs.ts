import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's packages `patroni`, `etcd-server` and `postgresql` have their programs. */
export const programs = {
  patroni: '/usr/bin/patroni',
  etcd: '/usr/bin/etcd',
  /** The folder of the newest PostgreSQL. */
  postgres: newestPostgres('/usr/lib/postgresql'),
};

function newestPostgres(folder: string): string {
  const versions = existsSync(folder) ? readdirSync(folder).map(Number) : [];
  return join(folder, String(Math.max(0, ...versions)), 'bin');
}

/** @throws if a program is missing */
export function checkPrograms(): void {
  const missing = Object.values(programs).filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw new Error(
      `--patroni needs Debian's packages patroni, python3-etcd, etcd-server and postgresql (missing: ${missing.join(', ')})`,
    );
}
