import type { Knex } from 'knex';
import type { ReadPairItem, ReadPairOutcome } from '../contract/claims.ts';
import { claimsOf, outcomes, type Copy } from './copy.ts';

/** Reads the owned entity of each pair, and the claims that are held of it. */
export function readPairs<E>(database: Knex, copy: Copy<E>) {
  const text = `
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'unknown_owner')
        ELSE json_build_object(
          'outcome', 'found',
          'entity', ${copy.entity('e')},
          'claims', ${claimsOf(copy, { owned: 'owned_id', foreign: 'foreign_id' })}
        )
      END AS outcome
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS i (owned_id, foreign_id, n)
    LEFT JOIN ${copy.entities} e ON e.id = owned_id
    ORDER BY n`;
  return (items: ReadPairItem[]): Promise<ReadPairOutcome<E>[]> =>
    outcomes(database, {
      name: 'read_pairs',
      text,
      values: [items.map((item) => item[copy.owned]), items.map((item) => item[copy.foreign])],
    });
}
