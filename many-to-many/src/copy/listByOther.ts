import type { Copy } from '../operations.ts';
import { pairsAfter } from './pairsAfter.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/** Reads pages of the pairs of other entities. Each pair has its own entity, and their order is that of own ids. */
export function listByOther<Entity>(query: Query, table: CopyTable): Copy<Entity>['listByOther'] {
  const { entities, json, ownId, otherId } = table;
  const entity = `(SELECT ${json('e')} FROM ${entities} e WHERE e.id = ${ownId.withoutCollation('p.id')})`;
  const text = `
    SELECT
      (
        SELECT json_build_object(
          'outcome', 'found',
          'pairs', coalesce(
            to_json(
              (
                array_agg(json_build_object('id', p.id::text, 'entity', ${entity}, 'claims', p.claims) ORDER BY p.id)
              )[:page_limit]
            ),
            '[]'
          ),
          'more', count(*) > page_limit
        )
        FROM ${pairsAfter(table, 'other')} p
      ) AS outcome
    FROM unnest($1::${otherId.parameter}[], $2::int[], $3::${ownId.parameter}[]) WITH ORDINALITY
      AS i (root_id, page_limit, after, n)
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${table.claims}_list_by_other`,
      text,
      values: [items.map(({ id }) => id), items.map(({ limit }) => limit), items.map(({ after }) => after)],
    });
}
