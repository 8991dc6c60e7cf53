import { chown, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withClient } from '@attendance/common/database/client';
import { PostgresServer } from '../postgres.ts';

interface Replication {
  /** Where the primary is, for a standby; a primary has none. */
  follow?: { host: string; port: number };
  /** `synchronous_standby_names`: `*` if commits wait for a standby, else empty. */
  waitFor: '*' | '';
}

/** A server of a cluster: its primary, or a standby. */
export class Replica extends PostgresServer {
  /** Writes its settings. A server that runs takes what may be changed. */
  async configure({ follow, waitFor }: Replication): Promise<void> {
    const { user, password } = this.admin;
    const settings: Record<string, string> = {
      synchronous_standby_names: waitFor,
      primary_conninfo: follow
        ? `host=${follow.host} port=${follow.port} user=${user} password=${password ?? ''} application_name=standby`
        : '',
      // a standby that was copied from this server begins with what was written since
      wal_keep_size: '1GB',
      wal_retrieve_retry_interval: '100ms',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    // the file of ALTER SYSTEM, which nothing else writes here
    await this.#write('postgresql.auto.conf', lines.join(''));
    if (follow) await this.#write('standby.signal', '');
    if (this.port !== 0) this.reload();
  }

  /** Replaces its data by a copy of a running server, as pg_basebackup does (PostgreSQL manual, low level base backup). */
  async copyFrom(source: Replica): Promise<void> {
    await rm(this.dataFolder, { recursive: true, force: true });
    await withClient(source.admin, async (client) => {
      await client.query("SELECT pg_backup_start('copy', fast => true)");
      await copyFolder(source.dataFolder, this.dataFolder);
      const { rows } = await client.query<{ labelfile: string }>(
        'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
      );
      await this.#write('backup_label', rows[0]!.labelfile);
    });
  }

  /** Makes a standby the primary. */
  async promote(): Promise<void> {
    await withClient(this.admin, async (client) => {
      const { rows } = await client.query<{ promoted: boolean }>('SELECT pg_promote() AS promoted');
      if (!rows[0]?.promoted) throw new Error('a standby was not promoted within a minute');
    });
  }

  async #write(name: string, text: string): Promise<void> {
    const path = join(this.dataFolder, name);
    const { uid, gid } = await stat(this.dataFolder);
    await writeFile(path, text, { mode: 0o600 });
    await chown(path, uid, gid);
  }
}

/** The folders of which a copy has only the folder itself, and the files that it must not have. */
const emptied = ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_subtrans'];
const leftOut = ['postmaster.pid', 'postmaster.opts', 'postgresql.auto.conf', 'standby.signal', 'backup_label.old'];

/** Copies a data folder while its server runs, with the owners of its files. */
async function copyFolder(from: string, to: string, depth = 0): Promise<void> {
  const { uid, gid, mode } = await stat(from);
  await mkdir(to, { mode });
  await chown(to, uid, gid);
  if (depth === 1 && emptied.includes(basename(from))) return;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (leftOut.includes(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const copied = entry.isDirectory()
      ? copyFolder(source, target, depth + 1)
      : copyFile(source, target).then(() => chown(target, uid, gid));
    await copied.catch(ignoreMissing);
  }
}

/** The server may delete a file meanwhile. What it writes to its log in that time deletes it in the copy, too. */
function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
