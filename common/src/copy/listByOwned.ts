import type { Knex } from 'knex';
import type { ListByOwnedItem, ListByOwnedOutcome } from '../contract/claims.ts';
import { outcomes, type Copy } from './copy.ts';
import { pairsAfter } from './pairsAfter.ts';

/** Reads owned entities, and a page of the pairs of each, in the order of foreign ids. */
export function listByOwned<E>(database: Knex, copy: Copy<E>) {
  const text = `
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'unknown_owner')
        ELSE (
          SELECT json_build_object(
            'outcome', 'found',
            'entity', ${copy.entity('e')},
            'pairs', coalesce(
              to_json((array_agg(json_build_object('id', p.id, 'claims', p.claims) ORDER BY p.id))[:page_limit]),
              '[]'
            ),
            'more', count(*) > page_limit
          )
          FROM ${pairsAfter({ of: copy.owned, by: copy.foreign })} p
        )
      END AS outcome
    FROM unnest($1::uuid[], $2::int[], $3::uuid[]) WITH ORDINALITY AS i (root_id, page_limit, after, n)
    LEFT JOIN ${copy.entities} e ON e.id = root_id
    ORDER BY n`;
  return (items: ListByOwnedItem[]): Promise<ListByOwnedOutcome<E>[]> =>
    outcomes(database, {
      name: 'list_by_owned',
      text,
      values: [items.map((item) => item.owned_id), items.map((item) => item.limit), items.map((item) => item.after)],
    });
}
