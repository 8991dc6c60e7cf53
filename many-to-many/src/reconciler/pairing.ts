import { earlier } from '../claimIds.ts';
import type { Copies } from './copies.ts';

/** The identities of the two copies' databases. */
export interface Databases {
  left: string;
  right: string;
}

/** Both copies are in one database, or a database was replaced during the scan. */
export class WrongDatabase extends Error {
  override name = 'WrongDatabase';
}

export interface Pairing {
  databases: Databases;
  /** The reason why the databases do not belong together; null if they do, or have not been introduced yet. */
  mismatch: string | null;
  introduced: boolean;
  /** Claims before it are stable by both databases' clocks. */
  stable_before: string;
}

/**
 * Reads whether the two databases belong together. Each remembers its peer once they have been introduced. So the
 * reconciler never compares a copy with an empty database or with that of another system, which would lack all claims
 * of the copy.
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
 * Introduces the databases to each other. With `replace`, it also does so if they remember other peers.
 * @throws {WrongDatabase} if one of them was introduced to another database in the meantime
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
    throw new WrongDatabase('a database was introduced to another one during the scan');
}
