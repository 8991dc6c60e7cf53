import { execFileSync } from 'node:child_process';
import { chownSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The account that PostgreSQL runs as, if it is not the current user. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Gives the account for PostgreSQL, which refuses to run as root: one that every machine has, or the owner of existing
 * data. So root can start a plain user's folder, and that user can start it again.
 * @returns undefined if it can run as the current user
 */
export function accountFor(dataFolder: string): Account | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = lookUp('postgres') ?? lookUp('nobody');
  if (!account) throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" here');
  // the folder was copied by root
  if (owner) giveTo(account, dataFolder);
  return account;
}

function lookUp(name: string): Account | undefined {
  try {
    const id = (flag: string) =>
      // on macOS the id of "nobody" is negative, and may be printed as a large number
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) | 0;
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function giveTo({ uid, gid }: Account, folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveTo({ uid, gid }, path);
    else lchownSync(path, uid, gid);
  }
  chownSync(folder, uid, gid);
}
