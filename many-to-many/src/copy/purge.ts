import type { Times } from '../times.ts';
import { clock, firstIdOf } from './clock.ts';
import { execute, type Query } from './query.ts';

/** The most tombstones that one statement deletes. With so few, it stays well within its timeout. */
export const maxPurged = 1000;

/**
 * Deletes tombstones that are older than the grace period, the oldest first. The copy refuses a late insert of such a
 * claim because of its age.
 * @param claims the name of the table, which is that of the relation
 * @returns the number of deleted tombstones; `maxPurged` if there may be more
 */
export async function purgeTombstones(
  query: Query,
  claims: string,
  { graceMs }: Pick<Times, 'graceMs'>,
): Promise<number> {
  const [row] = await execute<{ purged: number }>(query, {
    name: `${claims}_purge_tombstones`,
    text: `
      WITH ${clock},
      tombstone AS MATERIALIZED (
        SELECT claim_id FROM ${claims}
        WHERE retired AND claim_id < (SELECT ${firstIdOf('ms - $1::bigint')} FROM clock)
        ORDER BY claim_id
        LIMIT $2::int
        FOR UPDATE SKIP LOCKED
      ),
      purged AS (
        DELETE FROM ${claims} WHERE claim_id = ANY (ARRAY(SELECT claim_id FROM tombstone)) RETURNING claim_id
      )
      SELECT count(*)::int AS purged FROM purged`,
    values: [graceMs, maxPurged],
  });
  return row?.purged ?? 0;
}
