/** Comes before all ids of entities: they are UUIDv7. */
export const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * SQL, within a row that has `root_id`, `page_limit` and `after`: the pairs of the root that follow `after`, as
 * (id, claims), in order; one more than the page takes, to tell whether there are more. It reads no further than
 * that from the index in whose order it asks.
 */
export function pairsAfter({ of, by }: { of: string; by: string }): string {
  return `
    (
      SELECT a.${by} AS id, array_agg(a.claim_id ORDER BY a.claim_id) AS claims
      FROM attendance a
      WHERE a.${of} = root_id AND NOT a.retired AND a.${by} > coalesce(after, '${beforeAll}')
      GROUP BY a.${by}
      ORDER BY a.${by}
      LIMIT page_limit + 1
    )`;
}
