import { execFileSync } from 'node:child_process';
import { chownSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whom PostgreSQL runs as where that is not the user who starts it. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root lends it an account that every machine has. Data that is there already
 * stays with its owner: a plain user's folder can be started by root, and by that user again.
 * @returns undefined if it can run as the current user
 */
export function accountFor(dataFolder: string): Account | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = lookUp('postgres') ?? lookUp('nobody');
  if (!account) throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" here');
  // somebody copied it as root
  if (owner) giveTo(account, dataFolder);
  return account;
}

function lookUp(name: string): Account | undefined {
  try {
    const id = (flag: string) =>
      // macOS knows nobody by a number that is negative, and may print it as a large one
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
