import type { Knex } from 'knex';
import type { DropClaimItem, DropClaimOutcome } from '../../contract/reconciliation.ts';
import type { Times } from '../../times.ts';
import { outcomes } from '../copy.ts';
import { clock, firstIdOf } from '../time.ts';

/**
 * Drops claims that belong to no running operation. Nothing of such a claim can still be on its way, so that it needs
 * no mark; the judge of that is this database's own clock.
 */
export function dropClaims(database: Knex, times: Times) {
  return (items: DropClaimItem[]): Promise<DropClaimOutcome[]> =>
    outcomes(database, {
      name: 'drop_claims',
      text: `
        WITH ${clock},
        item AS MATERIALIZED (
          SELECT
            n, i.claim_id,
            i.database = identity.database AND i.peer IS NOT DISTINCT FROM identity.peer AS meant,
            i.claim_id < ${firstIdOf('clock.ms - $4::bigint')} AS settled
          FROM clock, database_identity AS identity,
            unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS i (claim_id, database, peer, n)
        ),
        -- locked in the order of their ids, as whoever else changes them does
        claim AS MATERIALIZED (
          SELECT a.claim_id FROM attendance a
          WHERE a.claim_id = ANY (ARRAY(SELECT claim_id FROM item WHERE meant AND settled)) AND NOT a.retired
          ORDER BY a.claim_id FOR UPDATE
        ),
        dropped AS (
          DELETE FROM attendance WHERE claim_id = ANY (ARRAY(SELECT claim_id FROM claim)) RETURNING claim_id
        )
        SELECT
          json_build_object('outcome', CASE
            WHEN NOT meant THEN 'other_database'
            WHEN NOT settled THEN 'too_young'
            WHEN dropped.claim_id IS NULL THEN 'absent'
            ELSE 'dropped'
          END) AS outcome
        FROM item
        LEFT JOIN dropped USING (claim_id)
        ORDER BY n`,
      values: [
        items.map((item) => item.claim_id),
        items.map((item) => item.database),
        items.map((item) => item.peer),
        times.grace,
      ],
    });
}
