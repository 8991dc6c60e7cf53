import type { ReconciledCopy } from '../operations.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/** SQL: the last eight bytes of a claim's id, which are random, as a number that is the same on every platform. */
const number = `('x' || encode(substr(uuid_send(claim_id), 9, 8), 'hex'))::bit(64)::bigint`;

/** Computes digests of ranges of claims, reading only the primary key. */
export function digestClaims(query: Query, { claims }: CopyTable): ReconciledCopy['digestClaims'] {
  const held = `FROM ${claims} WHERE NOT retired AND claim_id >= range_from`;
  const text = `
    SELECT
      json_build_object('outcome', 'found', 'count', count, 'sum', sum::text, 'end', beyond.claim_id) AS outcome
    FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS i (range_from, range_to, size, n)
    LEFT JOIN LATERAL (
      SELECT claim_id ${held} AND claim_id < range_to ORDER BY claim_id OFFSET size LIMIT 1
    ) beyond ON true
    CROSS JOIN LATERAL (
      SELECT count(*), coalesce(sum(${number}), 0) AS sum ${held} AND claim_id < coalesce(beyond.claim_id, range_to)
    ) digest
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${claims}_digest_claims`,
      text,
      values: [items.map(({ from }) => from), items.map(({ to }) => to), items.map((item) => item.claims)],
    });
}
