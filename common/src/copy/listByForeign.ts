import type { Knex } from 'knex';
import type { ListByForeignItem, ListByForeignOutcome } from '../contract/claims.ts';
import { outcomes, type Copy } from './copy.ts';
import { pairsAfter } from './pairsAfter.ts';

/** Reads a page of the pairs of foreign entities, in the order of owned ids, with the owned entity of each pair. */
export function listByForeign<E>(database: Knex, copy: Copy<E>) {
  const entity = `(SELECT ${copy.entity('e')} FROM ${copy.entities} e WHERE e.id = p.id)`;
  const text = `
    SELECT
      (
        SELECT json_build_object(
          'outcome', 'found',
          'pairs', coalesce(
            to_json(
              (array_agg(json_build_object('id', p.id, 'entity', ${entity}, 'claims', p.claims) ORDER BY p.id))
                [:page_limit]
            ),
            '[]'
          ),
          'more', count(*) > page_limit
        )
        FROM ${pairsAfter({ of: copy.foreign, by: copy.owned })} p
      ) AS outcome
    FROM unnest($1::uuid[], $2::int[], $3::uuid[]) WITH ORDINALITY AS i (root_id, page_limit, after, n)
    ORDER BY n`;
  return (items: ListByForeignItem[]): Promise<ListByForeignOutcome<E>[]> =>
    outcomes(database, {
      name: 'list_by_foreign',
      text,
      values: [items.map((item) => item.foreign_id), items.map((item) => item.limit), items.map((item) => item.after)],
    });
}
