import type { Copies } from './copies.ts';
import { earlier } from './ids.ts';

/** The two databases of the copies, by their own names. */
export interface Databases {
  author: string;
  conference: string;
}

/** No database to reconcile with: the same one twice, or not the one any more with which it began. */
export class WrongDatabase extends Error {
  override name = 'WrongDatabase';
}

export interface Pairing {
  databases: Databases;
  /** Why they do not belong together; null where they do, or have not been introduced yet. */
  mismatch: string | null;
  introduced: boolean;
  /** Claims before it are older than the grace period by both clocks. */
  settled_before: string;
}

/**
 * Do these two databases belong together? Each remembers the other once they have been introduced: no copy may be
 * held against an empty database, or one of another system, which lacks all that the copy holds.
 *
 * @throws {WrongDatabase} where it is one database
 */
export async function readPairing({ author, conference }: Copies): Promise<Pairing> {
  const [a, c] = await Promise.all([author.identify({}), conference.identify({})]);
  if (a.database === c.database) throw new WrongDatabase('both services use the same database');
  const strange = [
    a.peer !== null && a.peer !== c.database ? `the author database knows ${a.peer}, not ${c.database}` : '',
    c.peer !== null && c.peer !== a.database ? `the conference database knows ${c.peer}, not ${a.database}` : '',
  ].filter((text) => text !== '');
  return {
    databases: { author: a.database, conference: c.database },
    mismatch: strange.length > 0 ? strange.join(', and ') : null,
    introduced: a.peer === c.database && c.peer === a.database,
    settled_before: earlier(a.settled_before, c.settled_before),
  };
}

/**
 * Introduces the databases to each other; with `replace` also where they remember others.
 * @throws {WrongDatabase} where one was introduced to another one meanwhile
 */
export async function introduce(
  { author, conference }: Copies,
  { databases: { author: a, conference: c } }: Pairing,
  { replace }: { replace: boolean },
): Promise<void> {
  const answers = await Promise.all([
    author.introduce({ database: a, peer: c, replace }),
    conference.introduce({ database: c, peer: a, replace }),
  ]);
  if (answers.some(({ outcome }) => outcome === 'refused'))
    throw new WrongDatabase('a database was introduced to another one meanwhile');
}
