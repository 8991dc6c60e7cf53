import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { withOpenTransaction, type TestDatabases } from './postgres.ts';

/** Reads the ids of the claims and of the tombstones of a pair in each database, in order. */
export async function readClaimsOfPair(databases: TestDatabases, pair: { event: string; author: string }) {
  const read = (database: 'author' | 'conference') =>
    withClient(databases[database].migrationRole, async (client) => {
      const { rows } = await client.query<{ claim_id: string; retired: boolean }>(
        'SELECT claim_id, retired FROM attendance WHERE event_id = $1 AND author_id = $2 ORDER BY claim_id',
        [pair.event, pair.author],
      );
      return {
        held: rows.filter(({ retired }) => !retired).map(({ claim_id }) => claim_id),
        retired: rows.filter(({ retired }) => retired).map(({ claim_id }) => claim_id),
      };
    });
  const [author, conference] = await Promise.all([read('author'), read('conference')]);
  return { author, conference };
}

/** Reads the ids of the claims in a database, without tombstones, in order. */
function heldClaims(settings: DatabaseSettings): Promise<string[]> {
  return withClient(settings, async (client) => {
    const { rows } = await client.query<{ claim_id: string }>(
      'SELECT claim_id FROM attendance WHERE NOT retired ORDER BY claim_id',
    );
    return rows.map(({ claim_id }) => claim_id);
  });
}

/** Reads the ids of the claims that each copy of a system holds, in order. */
export const readHeldClaims = async ({ databases }: { databases: TestDatabases }) => ({
  author: await heldClaims(databases.author.migrationRole),
  conference: await heldClaims(databases.conference.migrationRole),
});

/** Repeats `check` until it no longer throws, for `within` milliseconds at most. */
export async function eventually(check: () => Promise<void> | void, { within = 30_000 } = {}): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A row of the table attendance in either database. */
interface Row {
  claim_id: string;
  event_id: string;
  author_id: string;
  retired?: boolean;
}

/** Inserts claims into the database of a copy, without its service. Their entities on this side must exist. */
export async function plantClaims(
  settings: DatabaseSettings,
  owns: 'author' | 'event',
  claims: readonly Row[],
): Promise<void> {
  const [inheritedColumn, join] =
    owns === 'author' ? ['', ''] : [', conference_id', 'JOIN events ON events.id = claim.event_id'];
  await withClient(settings, (client) =>
    client.query(
      `INSERT INTO attendance (claim_id, event_id, author_id, retired${inheritedColumn})
       SELECT claim_id, event_id, author_id, coalesce(retired, false)${inheritedColumn}
       FROM json_to_recordset($1) AS claim (claim_id uuid, event_id uuid, author_id uuid, retired boolean) ${join}`,
      [JSON.stringify(claims)],
    ),
  );
}

/** Deletes an entity and its claims without a mark, as an older version of its service does. */
export async function deleteUnmarked(settings: DatabaseSettings, owns: 'author' | 'event', id: string): Promise<void> {
  await withClient(settings, (client) => client.query(`DELETE FROM ${owns}s WHERE id = $1`, [id]));
}

/** Runs `work` while a transaction that deletes an entity is open, then rolls the transaction back. */
export function whileDeleting<T>(
  settings: DatabaseSettings,
  owns: 'author' | 'event',
  id: string,
  work: () => Promise<T>,
): Promise<T> {
  return withOpenTransaction(settings, `DELETE FROM ${owns}s WHERE id = $1`, [id], work);
}
