import type { Knex } from 'knex';
import { execute } from '../database/execute.ts';
import type { Times } from '../times.ts';
import { clock, firstIdOf } from './time.ts';

/** How many marks go in one statement, which stays well within its timeout. */
export const maxPurged = 1000;

/**
 * Deletes the oldest marks of retired claims whose add nothing can be left of.
 * @returns how many; `maxPurged` where there may be more
 */
export async function purgeRetired(database: Knex, times: Times): Promise<number> {
  const [row] = await execute<{ purged: number }>(database, {
    name: 'purge_retired',
    text: `
      WITH ${clock},
      mark AS MATERIALIZED (
        SELECT claim_id FROM attendance
        WHERE retired AND claim_id < (SELECT ${firstIdOf('ms - $1::bigint')} FROM clock)
        ORDER BY claim_id
        LIMIT $2::int
        FOR UPDATE SKIP LOCKED
      ),
      purged AS (
        DELETE FROM attendance WHERE claim_id = ANY (ARRAY(SELECT claim_id FROM mark)) RETURNING claim_id
      )
      SELECT count(*)::int AS purged FROM purged`,
    values: [times.grace, maxPurged],
  });
  return row?.purged ?? 0;
}
