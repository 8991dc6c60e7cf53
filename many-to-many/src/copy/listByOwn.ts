import type { Copy } from '../operations.ts';
import { pairsAfter } from './pairsAfter.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/** Reads own entities, each with a page of its pairs in the order of other ids. */
export function listByOwn<Entity>(query: Query, table: CopyTable): Copy<Entity>['listByOwn'] {
  const { entities, json, ownId, otherId } = table;
  const text = `
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'entity_not_found')
        ELSE (
          SELECT json_build_object(
            'outcome', 'found',
            'entity', ${json('e')},
            'pairs', coalesce(
              to_json(
                (array_agg(json_build_object('id', p.id::text, 'claims', p.claims) ORDER BY p.id))[:page_limit]
              ),
              '[]'
            ),
            'more', count(*) > page_limit
          )
          FROM ${pairsAfter(table, 'own')} p
        )
      END AS outcome
    FROM unnest($1::${ownId.parameter}[], $2::int[], $3::${otherId.parameter}[]) WITH ORDINALITY
      AS i (root_id, page_limit, after, n)
    LEFT JOIN ${entities} e ON e.id = root_id
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${table.claims}_list_by_own`,
      text,
      values: [items.map(({ id }) => id), items.map(({ limit }) => limit), items.map(({ after }) => after)],
    });
}
