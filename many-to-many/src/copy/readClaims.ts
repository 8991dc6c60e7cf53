import type { ReconciledCopy } from '../operations.ts';
import type { Side } from '../relation.ts';
import { outcomes, type Query } from './query.ts';
import { claimsOf, type CopyTable } from './table.ts';

/**
 * Reads the claims that the copy holds of pairs. The same statement checks that this is the database that the item
 * names, because the reconciler drops claims from the other copy if they are not in this one.
 */
export function readClaims(query: Query, table: CopyTable, side: Side<unknown>): ReconciledCopy['readClaims'] {
  const { marks, own } = table;
  const marked = marks
    ? `EXISTS (SELECT FROM ${marks.table} m WHERE m.id = own_id AND m.${marks.deletedAt} IS NOT NULL)
       OR EXISTS (SELECT FROM ${marks.purged} p WHERE p.${own} = own_id)`
    : 'false';
  const text = `
    SELECT
      CASE
        WHEN meant <> identity.database THEN json_build_object('outcome', 'other_database')
        WHEN e.id IS NULL THEN json_build_object('outcome', 'entity_not_found', 'marked', ${marked})
        ELSE json_build_object('outcome', 'found', 'claims', ${claimsOf(table, { own: 'own_id', other: 'other_id' })})
      END AS outcome
    FROM ${table.identity} AS identity,
      unnest($1::${table.ownId.parameter}[], $2::${table.otherId.parameter}[], $3::uuid[]) WITH ORDINALITY
        AS i (own_id, other_id, meant, n)
    LEFT JOIN ${table.entities} e ON e.id = own_id
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${table.claims}_read_claims`,
      text,
      values: [
        items.map((item) => item[side.side]),
        items.map((item) => item[side.other.side]),
        items.map(({ database }) => database),
      ],
    });
}
