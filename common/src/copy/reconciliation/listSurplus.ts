import type { Knex } from 'knex';
import type { ListSurplusItem, ListSurplusOutcome } from '../../contract/reconciliation.ts';
import { outcomes, type Copy } from '../copy.ts';
import { beforeAll } from '../pairsAfter.ts';

const afterAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Lists the pairs that have more than one settled claim, from the index that is in the order of pairs. */
export function listSurplus(database: Knex, copy: Copy<unknown>) {
  const text = surplusSql(copy);
  return (items: ListSurplusItem[]): Promise<ListSurplusOutcome[]> =>
    outcomes(database, {
      name: 'list_surplus',
      text,
      values: [
        items.map((item) => item.after?.[copy.owned] ?? beforeAll),
        items.map((item) => item.after?.[copy.foreign] ?? beforeAll),
        items.map((item) => item.settled_before),
        items.map((item) => item.claims),
      ],
    });
}

/* A slice ends after the pair that brings it to its size: a pair is never split. */
function surplusSql({ owned, foreign }: Copy<unknown>): string {
  const rest = `
    FROM attendance
    WHERE NOT retired AND (${owned}, ${foreign}) > (after_owned, after_foreign)`;
  return `
    SELECT
      json_build_object(
        'outcome', 'found',
        'pairs', coalesce(surplus.pairs, '[]'),
        'next', CASE WHEN final.${owned} IS NOT NULL THEN to_json(final) END
      ) AS outcome
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[]) WITH ORDINALITY
      AS i (after_owned, after_foreign, settled_before, size, n)
    LEFT JOIN LATERAL (
      SELECT ${owned}, ${foreign} ${rest} ORDER BY ${owned}, ${foreign}, claim_id OFFSET size - 1 LIMIT 1
    ) final ON true
    CROSS JOIN LATERAL (
      SELECT json_agg(pair) AS pairs
      FROM (
        SELECT ${owned}, ${foreign} ${rest}
          AND (${owned}, ${foreign}) <= (coalesce(final.${owned}, '${afterAll}'), coalesce(final.${foreign}, '${afterAll}'))
        GROUP BY ${owned}, ${foreign}
        HAVING count(*) FILTER (WHERE claim_id < settled_before) > 1
        ORDER BY ${owned}, ${foreign}
      ) pair
    ) surplus
    ORDER BY n`;
}
