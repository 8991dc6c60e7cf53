import type { CopyTable } from './table.ts';

/**
 * Returns SQL, for a row with `root_id`, `page_limit` and `after`: the pairs of the root after `after`, as (id, claims)
 * and in order. It selects one pair more than the page has, so that the caller knows whether there are more. The order
 * is that of an index, of which the statement reads no more than this.
 */
export function pairsAfter({ claims, own, other, ownId, otherId, marks }: CopyTable, by: 'own' | 'other'): string {
  const [root, listed, { lowest }] = by === 'own' ? [own, other, otherId] : [other, own, ownId];
  // few entities are marked at any time, so they are read once and looked up in memory
  const exist =
    by === 'other' && marks
      ? `AND a.${own} NOT IN (SELECT m.id FROM ${marks.table} m WHERE m.${marks.deletedAt} IS NOT NULL)`
      : '';
  return `
    (
      SELECT a.${listed} AS id, array_agg(a.claim_id ORDER BY a.claim_id) AS claims
      FROM ${claims} a
      WHERE a.${root} = root_id AND NOT a.retired AND a.${listed} > coalesce(after, ${lowest}) ${exist}
      GROUP BY a.${listed}
      ORDER BY a.${listed}
      LIMIT page_limit + 1
    )`;
}
