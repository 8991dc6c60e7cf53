import { earlier } from '../claimIds.ts';
import type { Copies } from './copies.ts';

/** The identities of the two copies' databases. */
export interface Databases {
  left: string;
  right: string;
}

/** There is no second database to reconcile with, or one was replaced while the reconciler was at work. */
export class WrongDatabase extends Error {
  override name = 'WrongDatabase';
}

export interface Pairing {
  databases: Databases;
  /** Why the databases do not belong together; null where they do, or have not been introduced yet. */
  mismatch: string | null;
  introduced: boolean;
  /** Claims before it are stable by both databases' clocks. */
  stable_before: string;
}

/**
 * Reads whether the two databases belong together. Each remembers its peer once they have been introduced, so that no
 * copy is compared with an empty database, or with one of another system, which lacks all that the copy holds.
 *
 * @throws {WrongDatabase} if both copies are in one database
 */
export async function readPairing({ left, right }: Copies): Promise<Pairing> {
  const [l, r] = await Promise.all([left.identify({}), right.identify({})]);
  if (l.database === r.database) throw new WrongDatabase('both services use the same database');
  const mismatches = [
    l.peer !== null && l.peer !== r.database ? `the left database remembers ${l.peer}, not ${r.database}` : '',
    r.peer !== null && r.peer !== l.database ? `the right database remembers ${r.peer}, not ${l.database}` : '',
  ].filter((text) => text !== '');
  return {
    databases: { left: l.database, right: r.database },
    mismatch: mismatches.length > 0 ? mismatches.join(', and ') : null,
    introduced: l.peer === r.database && r.peer === l.database,
    stable_before: earlier(l.stable_before, r.stable_before),
  };
}

/**
 * Introduces the databases to each other; with `replace` also where they remember others.
 * @throws {WrongDatabase} if one was introduced to another database meanwhile
 */
export async function introduce(
  { left, right }: Copies,
  { databases: { left: l, right: r } }: Pairing,
  { replace }: { replace: boolean },
): Promise<void> {
  const answers = await Promise.all([
    left.introduce({ database: l, peer: r, replace }),
    right.introduce({ database: r, peer: l, replace }),
  ]);
  if (answers.some(({ outcome }) => outcome === 'refused'))
    throw new WrongDatabase('a database was introduced to another one meanwhile');
}
