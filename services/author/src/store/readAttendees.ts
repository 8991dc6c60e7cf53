import type { ReadAttendeeItem, ReadAttendeeOutcome } from '@attendance/common/contract/claims';
import type { Author } from '@attendance/common/contract/entities';
import { claimsOf, outcomes, type Copy } from '@attendance/common/copy/copy';
import type { Knex } from 'knex';

/** Reads authors, each with the claims of the events that are asked for, in their order. */
export function readAttendees(database: Knex, copy: Copy<Author>) {
  const text = `
    WITH author AS MATERIALIZED (
      SELECT author_id, n FROM unnest($1::uuid[]) WITH ORDINALITY AS i (author_id, n)
    ),
    pair AS MATERIALIZED (
      SELECT n, place, ${claimsOf(copy, { owned: 'author.author_id', foreign: 'asked.event_id' })} AS claims
      FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS asked (event_id, n, place)
      JOIN author USING (n)
    ),
    events AS (
      SELECT n, json_agg(claims ORDER BY place) AS events FROM pair GROUP BY n
    )
    SELECT
      CASE
        WHEN e.id IS NULL THEN json_build_object('outcome', 'unknown_owner')
        ELSE json_build_object('outcome', 'found', 'entity', ${copy.entity('e')}, 'events', events)
      END AS outcome
    FROM author
    LEFT JOIN ${copy.entities} e ON e.id = author_id
    LEFT JOIN events USING (n)
    ORDER BY n`;
  return (items: ReadAttendeeItem[]): Promise<ReadAttendeeOutcome[]> =>
    outcomes(database, {
      name: 'read_attendees',
      text,
      values: [
        items.map((item) => item.author_id),
        items.flatMap((item) => item.event_ids),
        items.flatMap((item, i) => item.event_ids.map(() => i + 1)),
      ],
    });
}
