import { maxClaimsOfPair, type Copy } from '../operations.ts';
import type { Side } from '../relation.ts';
import type { Times } from '../times.ts';
import { clock, isExpired } from './clock.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/**
 * Inserts claims. An item's outcome is the first of these that applies: `entity_not_found`, `expired`, `entity_locked`
 * (the entity is being deleted), `limit_reached`, `accepted`. A claim that the copy already holds, or has a tombstone
 * of, is not changed and counts as accepted.
 */
export function insertClaims<Entity>(
  query: Query,
  table: CopyTable,
  side: Side<Entity>,
  { expiryMs, skewMs }: Times,
): Copy<Entity>['insertClaims'] {
  const text = insertSql(table);
  return (items) =>
    outcomes(query, {
      name: `${table.claims}_insert_claims`,
      text,
      values: [
        items.map(({ claim_id }) => claim_id),
        items.map((item) => item[side.side]),
        items.map((item) => item[side.other.side]),
        expiryMs,
        skewMs,
        maxClaimsOfPair,
      ],
    });
}

/*
 * The statement locks entities before it inserts claims of them, and skips entities that are locked. So no item waits
 * for the deletion of an entity, and no item makes the others fail. The lock does not keep an entity from being marked,
 * so that adds cannot delay its deletion; a claim that is inserted meanwhile is purged. The statement inserts claims in
 * the order of their ids, so that two batches never deadlock.
 */
function insertSql({ claims, entities, own, other, ownId, otherId, inherited, json }: CopyTable): string {
  return `
    WITH ${clock},
    locked AS MATERIALIZED (
      SELECT id${inherited} FROM ${entities} entity WHERE id = ANY ($2::${ownId.parameter}[])
      ORDER BY id FOR KEY SHARE SKIP LOCKED
    ),
    item AS MATERIALIZED (
      SELECT
        n, i.claim_id, own_id, other_id${inherited},
        ${isExpired('i.claim_id', { expiry: '$4::bigint', skew: '$5::bigint' })} AS expired,
        locked.id IS NOT NULL AS locked,
        EXISTS (SELECT FROM ${claims} a WHERE a.claim_id = i.claim_id) AS there,
        ARRAY(
          SELECT a.claim_id FROM ${claims} a
          WHERE a.${own} = own_id AND a.${other} = other_id AND NOT a.retired AND a.claim_id <> i.claim_id
          ORDER BY a.claim_id
        ) AS others
      FROM clock
      CROSS JOIN unnest($1::uuid[], $2::${ownId.parameter}[], $3::${otherId.parameter}[]) WITH ORDINALITY
        AS i (claim_id, own_id, other_id, n)
      LEFT JOIN locked ON locked.id = own_id
    ),
    arriving AS (
      SELECT DISTINCT ON (claim_id) * FROM item WHERE locked AND NOT expired AND NOT there ORDER BY claim_id, n
    ),
    -- if a pair has no room for all of its items, the first ones fit
    placed AS MATERIALIZED (
      SELECT
        claim_id, own_id, other_id${inherited},
        cardinality(others) + row_number() OVER (PARTITION BY own_id, other_id ORDER BY n) <= $6::int AS fits
      FROM arriving
    ),
    inserted AS (
      INSERT INTO ${claims} (claim_id, ${own}, ${other}${inherited})
      SELECT claim_id, own_id, other_id${inherited} FROM placed WHERE fits ORDER BY claim_id
      ON CONFLICT (claim_id) DO NOTHING
    )
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'entity_not_found')
        WHEN item.expired THEN json_build_object('outcome', 'expired')
        WHEN NOT item.locked THEN json_build_object('outcome', 'entity_locked')
        ELSE json_build_object(
          'outcome', CASE WHEN placed.fits IS FALSE THEN 'limit_reached' ELSE 'accepted' END,
          'entity', ${json('e')},
          'claims', item.others
        )
      END AS outcome
    FROM item
    LEFT JOIN ${entities} e ON e.id = item.own_id
    LEFT JOIN placed ON placed.claim_id = item.claim_id
    ORDER BY item.n`;
}
