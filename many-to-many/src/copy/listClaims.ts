import type { ReconciledCopy } from '../operations.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/** Lists the first claims of ranges, each with its pair. */
export function listClaims(query: Query, { claims, own, other, pair }: CopyTable): ReconciledCopy['listClaims'] {
  const text = `
    SELECT json_build_object('outcome', 'found', 'claims', coalesce(listed.claims, '[]')) AS outcome
    FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS i (range_from, range_to, size, n)
    CROSS JOIN LATERAL (
      SELECT json_agg(json_build_object('claim_id', claim_id, ${pair}) ORDER BY claim_id) AS claims
      FROM (
        SELECT claim_id, ${own}, ${other} FROM ${claims}
        WHERE NOT retired AND claim_id >= range_from AND claim_id < range_to
        ORDER BY claim_id
        LIMIT size
      ) claim
    ) listed
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${claims}_list_claims`,
      text,
      values: [items.map(({ from }) => from), items.map(({ to }) => to), items.map(({ limit }) => limit)],
    });
}
