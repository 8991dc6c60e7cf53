import type { Knex } from 'knex';
import { maxClaimsOfPair, type InsertItem, type InsertOutcome } from '../contract/claims.ts';
import type { Times } from '../times.ts';
import { outcomes, type Copy } from './copy.ts';
import { clock, isExpired } from './time.ts';

/**
 * Inserts claims. An item's outcome is the first of these that is true: `unknown_owner`, `expired`, `busy` (its owner
 * is just being deleted), `full`, `taken`. A claim that is there already, or was retired, stays as it is: `taken`.
 */
export function insertClaims<E>(database: Knex, copy: Copy<E>, times: Times) {
  const text = insertSql(copy);
  return (items: InsertItem[]): Promise<InsertOutcome<E>[]> =>
    outcomes(database, {
      name: 'insert_claims',
      text,
      values: [
        items.map((item) => item.claim_id),
        items.map((item) => item[copy.owned]),
        items.map((item) => item[copy.foreign]),
        times.expiry,
        times.skew,
        maxClaimsOfPair,
      ],
    });
}

/*
 * Nothing here waits for a delete of an owner, and nothing fails the other items: owners are locked before their
 * claims refer to them, those that cannot be locked are skipped. Claims are inserted in the order of their ids, so
 * that two batches never wait for each other in a circle.
 */
function insertSql({ entities, owned, foreign, inherited, entity }: Copy<unknown>): string {
  const more = inherited.map((column) => `, ${column}`).join('');
  return `
    WITH ${clock},
    locked AS MATERIALIZED (
      SELECT id${more} FROM ${entities} WHERE id = ANY ($2::uuid[]) ORDER BY id FOR KEY SHARE SKIP LOCKED
    ),
    item AS MATERIALIZED (
      SELECT
        n, i.claim_id, owned_id, foreign_id${more},
        ${isExpired('i.claim_id', { expiry: '$4::bigint', skew: '$5::bigint' })} AS expired,
        locked.id IS NOT NULL AS locked,
        EXISTS (SELECT FROM attendance a WHERE a.claim_id = i.claim_id) AS there,
        ARRAY(
          SELECT a.claim_id FROM attendance a
          WHERE a.${owned} = owned_id AND a.${foreign} = foreign_id AND NOT a.retired AND a.claim_id <> i.claim_id
          ORDER BY a.claim_id
        ) AS others
      FROM clock
      CROSS JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY
        AS i (claim_id, owned_id, foreign_id, n)
      LEFT JOIN locked ON locked.id = owned_id
    ),
    arriving AS (
      SELECT DISTINCT ON (claim_id) * FROM item WHERE locked AND NOT expired AND NOT there ORDER BY claim_id, n
    ),
    -- those that come first take what room their pair has
    placed AS MATERIALIZED (
      SELECT
        claim_id, owned_id, foreign_id${more},
        cardinality(others) + row_number() OVER (PARTITION BY owned_id, foreign_id ORDER BY n) <= $6::int AS fits
      FROM arriving
    ),
    inserted AS (
      INSERT INTO attendance (claim_id, ${owned}, ${foreign}${more})
      SELECT claim_id, owned_id, foreign_id${more} FROM placed WHERE fits ORDER BY claim_id
      ON CONFLICT (claim_id) DO NOTHING
    )
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'unknown_owner')
        WHEN item.expired THEN json_build_object('outcome', 'expired')
        WHEN NOT item.locked THEN json_build_object('outcome', 'busy')
        ELSE json_build_object(
          'outcome', CASE WHEN placed.fits IS FALSE THEN 'full' ELSE 'taken' END,
          'entity', ${entity('e')},
          'claims', item.others
        )
      END AS outcome
    FROM item
    LEFT JOIN ${entities} e ON e.id = item.owned_id
    LEFT JOIN placed ON placed.claim_id = item.claim_id
    ORDER BY item.n`;
}
