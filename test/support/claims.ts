import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import type { PlantedClaim } from '../conformance/owner.ts';
import { holding, type TestDatabases } from './postgres.ts';

/** What both databases hold of a pair, as `held`/`retired` claims; the order is by claim id. */
export async function claimsIn(databases: TestDatabases, pair: { event: string; author: string }) {
  const read = (database: 'author' | 'conference') =>
    withClient(databases[database].owner, async (client) => {
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

/** All claims of a database that are held, in order. */
export function heldClaims(settings: DatabaseSettings): Promise<string[]> {
  return withClient(settings, async (client) => {
    const { rows } = await client.query<{ claim_id: string }>(
      'SELECT claim_id FROM attendance WHERE NOT retired ORDER BY claim_id',
    );
    return rows.map(({ claim_id }) => claim_id);
  });
}

/** The claims that each copy of a system holds, in order. */
export const copiesOf = async ({ databases }: { databases: TestDatabases }) => ({
  author: await heldClaims(databases.author.owner),
  conference: await heldClaims(databases.conference.owner),
});

/** Waits until `check` does not throw any more. */
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

/** Puts claims into a copy behind everybody's back. */
export async function plantClaims(
  settings: DatabaseSettings,
  owns: 'author' | 'event',
  claims: PlantedClaim[],
): Promise<void> {
  const [inherited, from] =
    owns === 'author' ? ['', ''] : [', conference_id', 'JOIN events ON events.id = claim.event_id'];
  await withClient(settings, (client) =>
    client.query(
      `INSERT INTO attendance (claim_id, event_id, author_id, retired${inherited})
       SELECT claim_id, event_id, author_id, coalesce(retired, false)${inherited}
       FROM json_to_recordset($1) AS claim (claim_id uuid, event_id uuid, author_id uuid, retired boolean) ${from}`,
      [JSON.stringify(claims)],
    ),
  );
}

/** Does some work while an entity is being deleted, which then fails. */
export function whileDeleting<T>(
  settings: DatabaseSettings,
  owns: 'author' | 'event',
  id: string,
  work: () => Promise<T>,
): Promise<T> {
  return holding(settings, `DELETE FROM ${owns}s WHERE id = $1`, [id], work);
}
