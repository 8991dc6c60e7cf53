import type { ReconciledCopy } from '../operations.ts';
import type { Side } from '../relation.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/** Lists the pairs that have more than one stable claim. It reads the index whose order is that of pairs. */
export function listSurplus(query: Query, table: CopyTable, side: Side<unknown>): ReconciledCopy['listSurplus'] {
  const text = surplusSql(table);
  return (items) =>
    outcomes(query, {
      name: `${table.claims}_list_surplus`,
      text,
      values: [
        items.map(({ after }) => after?.[side.side] ?? null),
        items.map(({ after }) => after?.[side.other.side] ?? null),
        items.map(({ stable_before }) => stable_before),
        items.map(({ claims }) => claims),
      ],
    });
}

/* A slice ends after the pair whose claims reach its size, so that no pair is split. */
function surplusSql({ claims, own, other, ownId, otherId, pair }: CopyTable): string {
  const rest = `
    FROM ${claims}
    WHERE NOT retired
      AND (${own}, ${other}) > (coalesce(after_own, ${ownId.lowest}), coalesce(after_other, ${otherId.lowest}))`;
  const end = `(coalesce(final.${own}, ${ownId.highest}), coalesce(final.${other}, ${otherId.highest}))`;
  return `
    SELECT
      json_build_object(
        'outcome', 'found',
        'pairs', coalesce(surplus.pairs, '[]'),
        'next', CASE WHEN final.${own} IS NOT NULL THEN final.pair END
      ) AS outcome
    FROM unnest($1::${ownId.parameter}[], $2::${otherId.parameter}[], $3::uuid[], $4::int[]) WITH ORDINALITY
      AS i (after_own, after_other, stable_before, size, n)
    LEFT JOIN LATERAL (
      SELECT ${own}, ${other}, json_build_object(${pair}) AS pair
      ${rest} ORDER BY ${own}, ${other}, claim_id OFFSET size - 1 LIMIT 1
    ) final ON true
    CROSS JOIN LATERAL (
      SELECT json_agg(json_build_object(${pair}) ORDER BY ${own}, ${other}) AS pairs
      FROM (
        SELECT ${own}, ${other} ${rest} AND (${own}, ${other}) <= ${end}
        GROUP BY ${own}, ${other}
        HAVING count(*) FILTER (WHERE claim_id < stable_before) > 1
      ) pair
    ) surplus
    ORDER BY n`;
}
