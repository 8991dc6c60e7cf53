import type { Knex } from 'knex';
import type { ReadClaimsItem, ReadClaimsOutcome } from '../../contract/reconciliation.ts';
import { claimsOf, outcomes, type Copy } from '../copy.ts';

/**
 * Reads the claims that are held of pairs, and in the same statement whether this is the database that is meant: what
 * it has not got is dropped from the other copy.
 */
export function readClaims(database: Knex, copy: Copy<unknown>) {
  const text = `
    SELECT
      CASE
        WHEN meant <> identity.database THEN json_build_object('outcome', 'other_database')
        WHEN e.id IS NULL THEN json_build_object('outcome', 'unknown_owner')
        ELSE json_build_object(
          'outcome', 'found',
          'claims', ${claimsOf(copy, { owned: 'owned_id', foreign: 'foreign_id' })}
        )
      END AS outcome
    FROM database_identity AS identity,
      unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS i (owned_id, foreign_id, meant, n)
    LEFT JOIN ${copy.entities} e ON e.id = owned_id
    ORDER BY n`;
  return (items: ReadClaimsItem[]): Promise<ReadClaimsOutcome[]> =>
    outcomes(database, {
      name: 'read_claims',
      text,
      values: [
        items.map((item) => item[copy.owned]),
        items.map((item) => item[copy.foreign]),
        items.map((item) => item.database),
      ],
    });
}
