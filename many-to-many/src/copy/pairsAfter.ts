import type { CopyTable } from './table.ts';

/**
 * SQL, within a row that has `root_id`, `page_limit` and `after`: the pairs of the root that follow `after`, as
 * (id, claims), in order, and one more than the page takes, to know whether there are more. It reads no further than
 * that from the index in whose order it asks.
 */
export function pairsAfter({ claims, own, other, ownId, otherId }: CopyTable, by: 'own' | 'other'): string {
  const [root, listed, { lowest }] = by === 'own' ? [own, other, otherId] : [other, own, ownId];
  return `
    (
      SELECT a.${listed} AS id, array_agg(a.claim_id ORDER BY a.claim_id) AS claims
      FROM ${claims} a
      WHERE a.${root} = root_id AND NOT a.retired AND a.${listed} > coalesce(after, ${lowest})
      GROUP BY a.${listed}
      ORDER BY a.${listed}
      LIMIT page_limit + 1
    )`;
}
