import type { Knex } from 'knex';
import type { RetireItem, RetireOutcome } from '../contract/claims.ts';
import type { Times } from '../times.ts';
import { outcomes, type Copy } from './copy.ts';
import { clock, firstIdOf, isExpired } from './time.ts';

/**
 * Retires claims, all of an item's or none. One that is younger than the grace period is marked, also where it has not
 * arrived: its insert may still be on its way, and would be taken were this database's clock set back meanwhile. An
 * older one is deleted. Where the owner is gone there is nothing left and nothing can come: `retired`.
 */
export function retireClaims<E>(database: Knex, copy: Copy<E>, times: Times) {
  const text = retireSql(copy);
  return (items: RetireItem[]): Promise<RetireOutcome[]> =>
    outcomes(database, {
      name: 'retire_claims',
      text,
      values: [
        items.map((item) => item[copy.owned]),
        items.map((item) => item[copy.foreign]),
        items.map((item) => item.remove_id),
        items.flatMap((item) => item.claim_ids),
        items.flatMap((item, i) => item.claim_ids.map(() => i + 1)),
        times.expiry,
        times.skew,
        times.grace,
      ],
    });
}

/*
 * Rows are locked in the order of claim ids, so that two batches never wait for each other in a circle: the old ones
 * first, by asking for them before the others are marked.
 */
function retireSql({ entities, owned, foreign, inherited }: Copy<unknown>): string {
  const more = inherited.map((column) => `, ${column}`).join('');
  return `
    WITH ${clock},
    locked AS MATERIALIZED (
      SELECT id${more} FROM ${entities} WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE SKIP LOCKED
    ),
    item AS MATERIALIZED (
      SELECT
        n, owned_id, foreign_id, locked.id IS NOT NULL AS locked${more},
        ${isExpired('remove_id', { expiry: '$6::bigint', skew: '$7::bigint' })} IS TRUE AS expired
      FROM clock
      CROSS JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS i (owned_id, foreign_id, remove_id, n)
      LEFT JOIN locked ON locked.id = owned_id
    ),
    -- the same claim may stand in several items, but a row can be marked only once
    claim AS MATERIALIZED (
      SELECT DISTINCT ON (claim_id)
        claim_id, owned_id, foreign_id${more},
        claim_id >= ${firstIdOf('clock.ms - $8::bigint')} AS young
      FROM clock
      CROSS JOIN unnest($4::uuid[], $5::int[]) AS c (claim_id, n)
      JOIN item USING (n)
      WHERE locked AND NOT expired
      ORDER BY claim_id
    ),
    old AS MATERIALIZED (
      SELECT a.claim_id FROM attendance a
      WHERE a.claim_id = ANY (ARRAY(SELECT claim_id FROM claim WHERE NOT young))
      ORDER BY a.claim_id FOR UPDATE
    ),
    deleted AS (
      DELETE FROM attendance a WHERE a.claim_id = ANY (ARRAY(SELECT claim_id FROM old))
    ),
    marked AS (
      INSERT INTO attendance (claim_id, ${owned}, ${foreign}${more}, retired)
      SELECT claim_id, owned_id, foreign_id${more}, true FROM claim
      WHERE young AND (SELECT count(*) FROM old) >= 0
      ORDER BY claim_id
      ON CONFLICT (claim_id) DO UPDATE SET retired = true WHERE NOT attendance.retired
    )
    SELECT
      json_build_object('outcome', CASE
        WHEN item.expired THEN 'expired'
        WHEN e.id IS NOT NULL AND NOT item.locked THEN 'busy'
        ELSE 'retired'
      END) AS outcome
    FROM item
    LEFT JOIN ${entities} e ON e.id = item.owned_id
    ORDER BY item.n`;
}
