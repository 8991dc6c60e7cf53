import type { Copy } from '../operations.ts';
import type { Side } from '../relation.ts';
import { outcomes, type Query } from './query.ts';
import { claimsOf, type CopyTable } from './table.ts';

/** Reads the own entity of each pair, and the claims that the copy holds of it. */
export function readPairs<Entity>(query: Query, table: CopyTable, side: Side<Entity>): Copy<Entity>['readPairs'] {
  const { entities, json, ownId, otherId } = table;
  const text = `
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'entity_not_found')
        ELSE json_build_object(
          'outcome', 'found',
          'entity', ${json('e')},
          'claims', ${claimsOf(table, { own: 'own_id', other: 'other_id' })}
        )
      END AS outcome
    FROM unnest($1::${ownId.parameter}[], $2::${otherId.parameter}[]) WITH ORDINALITY AS i (own_id, other_id, n)
    LEFT JOIN ${entities} e ON e.id = own_id
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${table.claims}_read_pairs`,
      text,
      values: [items.map((item) => item[side.side]), items.map((item) => item[side.other.side])],
    });
}
