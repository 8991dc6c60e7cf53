import type { ReconciledCopy } from '../operations.ts';
import type { Times } from '../times.ts';
import { clock, firstIdOf } from './clock.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/**
 * Drops claims that are older than the grace period by this database's clock. The insert of such a claim would be
 * refused if it arrived again, so a dropped claim needs no tombstone.
 */
export function dropClaims(
  query: Query,
  { claims, identity }: CopyTable,
  { graceMs }: Times,
): ReconciledCopy['dropClaims'] {
  const text = `
    WITH ${clock},
    item AS MATERIALIZED (
      SELECT
        n, i.claim_id,
        i.database = identity.database AND i.peer IS NOT DISTINCT FROM identity.peer AS meant,
        i.claim_id < ${firstIdOf('clock.ms - $4::bigint')} AS stable
      FROM clock, ${identity} AS identity,
        unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS i (claim_id, database, peer, n)
    ),
    -- locked in the order of their ids, as in every statement that changes claims
    claim AS MATERIALIZED (
      SELECT a.claim_id FROM ${claims} a
      WHERE a.claim_id = ANY (ARRAY(SELECT claim_id FROM item WHERE meant AND stable)) AND NOT a.retired
      ORDER BY a.claim_id FOR UPDATE
    ),
    dropped AS (
      DELETE FROM ${claims} WHERE claim_id = ANY (ARRAY(SELECT claim_id FROM claim)) RETURNING claim_id
    )
    SELECT
      json_build_object('outcome', CASE
        WHEN NOT meant THEN 'other_database'
        WHEN NOT stable THEN 'not_stable'
        WHEN dropped.claim_id IS NULL THEN 'absent'
        ELSE 'dropped'
      END) AS outcome
    FROM item
    LEFT JOIN dropped USING (claim_id)
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${claims}_drop_claims`,
      text,
      values: [
        items.map(({ claim_id }) => claim_id),
        items.map(({ database }) => database),
        items.map(({ peer }) => peer),
        graceMs,
      ],
    });
}
