import type { Copy } from '../operations.ts';
import type { Side } from '../relation.ts';
import type { Times } from '../times.ts';
import { clock, firstIdOf, isExpired } from './clock.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/**
 * Retires all claims of an item, or none of them. A claim that is younger than the grace period becomes a tombstone, even
 * if it has not arrived yet: its insert may still be in flight, and would be accepted if this database's clock were set
 * back in the meantime. An older claim is deleted. If the entity does not exist, the outcome is `retired`: its claims
 * were deleted with it, and no insert of another is accepted.
 */
export function retireClaims<Entity>(
  query: Query,
  table: CopyTable,
  side: Side<Entity>,
  { expiryMs, skewMs, graceMs }: Times,
): Copy<Entity>['retireClaims'] {
  const text = retireSql(table);
  return (items) =>
    outcomes(query, {
      name: `${table.claims}_retire_claims`,
      text,
      values: [
        items.map((item) => item[side.side]),
        items.map((item) => item[side.other.side]),
        items.map(({ remove_id }) => remove_id),
        items.flatMap(({ claim_ids }) => claim_ids),
        items.flatMap(({ claim_ids }, i) => claim_ids.map(() => i + 1)),
        expiryMs,
        skewMs,
        graceMs,
      ],
    });
}

/*
 * Two batches never deadlock, because every statement locks claims in the order of their ids. Old claims are locked
 * first: `count(*) FROM old` is always at least 0, but it must be computed before a tombstone is inserted.
 */
function retireSql({ claims, entities, own, other, ownId, otherId, inherited }: CopyTable): string {
  return `
    WITH ${clock},
    locked AS MATERIALIZED (
      SELECT id${inherited} FROM ${entities} entity WHERE id = ANY ($1::${ownId.parameter}[])
      ORDER BY id FOR KEY SHARE SKIP LOCKED
    ),
    item AS MATERIALIZED (
      SELECT
        n, own_id, other_id, locked.id IS NOT NULL AS locked${inherited},
        ${isExpired('remove_id', { expiry: '$6::bigint', skew: '$7::bigint' })} IS TRUE AS expired
      FROM clock
      CROSS JOIN unnest($1::${ownId.parameter}[], $2::${otherId.parameter}[], $3::uuid[]) WITH ORDINALITY
        AS i (own_id, other_id, remove_id, n)
      LEFT JOIN locked ON locked.id = own_id
    ),
    -- the same claim may stand in several items, but a statement can change a row only once
    claim AS MATERIALIZED (
      SELECT DISTINCT ON (claim_id)
        claim_id, own_id, other_id${inherited},
        claim_id >= ${firstIdOf('clock.ms - $8::bigint')} AS young
      FROM clock
      CROSS JOIN unnest($4::uuid[], $5::int[]) AS c (claim_id, n)
      JOIN item USING (n)
      WHERE locked AND NOT expired
      ORDER BY claim_id
    ),
    old AS MATERIALIZED (
      SELECT a.claim_id FROM ${claims} a
      WHERE a.claim_id = ANY (ARRAY(SELECT claim_id FROM claim WHERE NOT young))
      ORDER BY a.claim_id FOR UPDATE
    ),
    deleted AS (
      DELETE FROM ${claims} a WHERE a.claim_id = ANY (ARRAY(SELECT claim_id FROM old))
    ),
    tombstone AS (
      INSERT INTO ${claims} (claim_id, ${own}, ${other}${inherited}, retired)
      SELECT claim_id, own_id, other_id${inherited}, true FROM claim
      WHERE young AND (SELECT count(*) FROM old) >= 0
      ORDER BY claim_id
      ON CONFLICT (claim_id) DO UPDATE SET retired = true WHERE NOT ${claims}.retired
    )
    SELECT
      json_build_object('outcome', CASE
        WHEN item.expired THEN 'expired'
        WHEN e.id IS NOT NULL AND NOT item.locked THEN 'entity_locked'
        ELSE 'retired'
      END) AS outcome
    FROM item
    LEFT JOIN ${entities} e ON e.id = item.own_id
    ORDER BY item.n`;
}
