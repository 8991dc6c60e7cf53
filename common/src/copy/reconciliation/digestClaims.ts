import type { Knex } from 'knex';
import type { DigestClaimsItem, DigestClaimsOutcome } from '../../contract/reconciliation.ts';
import { outcomes } from '../copy.ts';

/** The last eight bytes of a claim's id as a number, which are the random ones; the same on every platform. */
const number = `('x' || encode(substr(uuid_send(claim_id), 9, 8), 'hex'))::bit(64)::bigint`;

const held = 'FROM attendance WHERE NOT retired AND claim_id >= range_from';

/** Digests ranges of claims, each from the primary key alone. */
export function digestClaims(database: Knex) {
  return (items: DigestClaimsItem[]): Promise<DigestClaimsOutcome[]> =>
    outcomes(database, {
      name: 'digest_claims',
      text: `
        SELECT
          json_build_object('outcome', 'found', 'count', count, 'sum', sum::text, 'end', beyond.claim_id) AS outcome
        FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS i (range_from, range_to, size, n)
        LEFT JOIN LATERAL (
          SELECT claim_id ${held} AND claim_id < range_to ORDER BY claim_id OFFSET size LIMIT 1
        ) beyond ON true
        CROSS JOIN LATERAL (
          SELECT count(*), coalesce(sum(${number}), 0) AS sum ${held} AND claim_id < coalesce(beyond.claim_id, range_to)
        ) digest
        ORDER BY n`,
      values: [items.map((item) => item.from), items.map((item) => item.to), items.map((item) => item.claims)],
    });
}
