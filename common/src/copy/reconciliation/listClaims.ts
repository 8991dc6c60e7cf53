import type { Knex } from 'knex';
import type { ListClaimsItem, ListClaimsOutcome } from '../../contract/reconciliation.ts';
import { outcomes } from '../copy.ts';

/** Lists ranges of claims, with the pair of each. */
export function listClaims(database: Knex) {
  return (items: ListClaimsItem[]): Promise<ListClaimsOutcome[]> =>
    outcomes(database, {
      name: 'list_claims',
      text: `
        SELECT json_build_object('outcome', 'found', 'claims', coalesce(listed.claims, '[]')) AS outcome
        FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS i (range_from, range_to, size, n)
        CROSS JOIN LATERAL (
          SELECT json_agg(claim) AS claims
          FROM (
            SELECT claim_id, event_id, author_id FROM attendance
            WHERE NOT retired AND claim_id >= range_from AND claim_id < range_to
            ORDER BY claim_id
            LIMIT size
          ) claim
        ) listed
        ORDER BY n`,
      values: [items.map((item) => item.from), items.map((item) => item.to), items.map((item) => item.limit)],
    });
}
