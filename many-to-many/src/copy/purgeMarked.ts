import { execute, type Query } from './query.ts';
import type { CopyTable, Marks } from './table.ts';

/** The most marked entities that one purge looks at. */
const maxListed = 1_000;

/** The most claims that one statement deletes. With so few, it stays well within its timeout. */
export const maxClaimsPurged = 5_000;

/** A copy whose entities may be marked as deleted. */
export type MarkedTable = CopyTable & { readonly marks: Marks };

/** Lists entities that are marked as deleted, in the order of their marks. */
export async function listMarked(query: Query, { claims, marks }: MarkedTable): Promise<string[]> {
  const rows = await execute<{ id: string }>(query, {
    name: `${claims}_list_marked`,
    text: `
      SELECT id::text FROM ${marks.table} WHERE ${marks.deletedAt} IS NOT NULL
      ORDER BY ${marks.deletedAt}, id LIMIT $1::int`,
    values: [maxListed],
  });
  return rows.map(({ id }) => id);
}

/**
 * Deletes some claims of a marked entity, tombstones included. The lock lets one replica at a time work on an entity,
 * and adds that began before the mark do not wait for it. The statement waits for no other, so it never deadlocks.
 * @returns the number of deleted claims; null if another statement has locked the entity, or it is gone
 */
export async function purgeClaims(query: Query, { claims, own, ownId, marks }: MarkedTable, id: string) {
  const [row] = await execute<{ locked: boolean; purged: number }>(query, {
    name: `${claims}_purge_claims`,
    text: `
      WITH entity AS MATERIALIZED (
        SELECT id FROM ${marks.table} WHERE id = $1::${ownId.parameter} AND ${marks.deletedAt} IS NOT NULL
        FOR NO KEY UPDATE SKIP LOCKED
      ),
      claim AS MATERIALIZED (
        SELECT claim_id FROM ${claims} WHERE ${own} = (SELECT id FROM entity)
        LIMIT $2::int
        FOR UPDATE SKIP LOCKED
      ),
      purged AS (
        DELETE FROM ${claims} WHERE claim_id = ANY (ARRAY(SELECT claim_id FROM claim)) RETURNING claim_id
      )
      SELECT EXISTS (SELECT FROM entity) AS locked, (SELECT count(*)::int FROM purged) AS purged`,
    values: [id, maxClaimsPurged],
  });
  return row?.locked ? row.purged : null;
}

/**
 * Deletes the row of a marked entity, and remembers its id. From then on no claim of it can arrive: an insert that began
 * before the mark holds a lock on the row, and its claim, if it is there by now, is deleted by cascade.
 * @returns false if another statement has locked the row, or it is gone
 */
export async function purgeEntity(
  query: Query,
  { claims, own, ownId, marks }: MarkedTable,
  id: string,
): Promise<boolean> {
  const rows = await execute(query, {
    name: `${claims}_purge_entity`,
    text: `
      WITH entity AS MATERIALIZED (
        SELECT id FROM ${marks.table} WHERE id = $1::${ownId.parameter} AND ${marks.deletedAt} IS NOT NULL
        FOR UPDATE SKIP LOCKED
      ),
      remembered AS (
        INSERT INTO ${marks.purged} (${own}) SELECT id FROM entity ON CONFLICT DO NOTHING
      )
      DELETE FROM ${marks.table} WHERE id = ANY (ARRAY(SELECT id FROM entity)) RETURNING id`,
    values: [id],
  });
  return rows.length > 0;
}
