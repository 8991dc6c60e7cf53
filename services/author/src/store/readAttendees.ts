import { attendance, type authorOperations } from '@attendance/common/contract/relation';
import type { Batches } from 'many-to-many';
import { claimsOf, copyTable, outcomes, type EntityTable, type Query } from 'many-to-many/copy';

/** Reads authors, each with the claims of the events that are asked for, in their order. */
export function readAttendees(query: Query, authors: EntityTable): Batches<typeof authorOperations>['readAttendees'] {
  const table = copyTable(attendance.right, authors);
  const text = `
    WITH author AS MATERIALIZED (
      SELECT author_id, n FROM unnest($1::uuid[]) WITH ORDINALITY AS i (author_id, n)
    ),
    pair AS MATERIALIZED (
      SELECT n, place, ${claimsOf(table, { own: 'author.author_id', other: 'asked.event_id' })} AS claims
      FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS asked (event_id, n, place)
      JOIN author USING (n)
    ),
    events AS (
      SELECT n, json_agg(claims ORDER BY place) AS events FROM pair GROUP BY n
    )
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'entity_not_found')
        ELSE json_build_object('outcome', 'found', 'entity', ${table.json('e')}, 'events', events)
      END AS outcome
    FROM author
    LEFT JOIN ${table.entities} e ON e.id = author_id
    LEFT JOIN events USING (n)
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: 'read_attendees',
      text,
      values: [
        items.map(({ author_id }) => author_id),
        items.flatMap(({ event_ids }) => event_ids),
        items.flatMap(({ event_ids }, i) => event_ids.map(() => i + 1)),
      ],
    });
}
