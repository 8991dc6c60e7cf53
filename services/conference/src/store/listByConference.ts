import {
  maxPairsByConference,
  type ListByConferenceItem,
  type ListByConferenceOutcome,
} from '@attendance/common/contract/claims';
import { outcomes } from '@attendance/common/copy/copy';
import { beforeAll } from '@attendance/common/copy/pairsAfter';
import type { Knex } from 'knex';
import { conferenceJson } from './conferences.ts';

/*
 * The page ends with an author, `last`: of the first so many pairs it takes the authors, and of these the first so
 * many. Then all pairs up to there are read, so that the last author's are complete. What is read stays within one
 * range of attendance_by_conference, and within the page.
 */
const inConference = 'a.conference_id = page.conference_id AND NOT a.retired';
const text = `
  WITH asked AS (
    SELECT n, conference_id, page_limit, coalesce(after, '${beforeAll}') AS after
    FROM unnest($1::uuid[], $2::int[], $3::uuid[]) WITH ORDINALITY AS i (conference_id, page_limit, after, n)
  ),
  page AS MATERIALIZED (
    SELECT n, conference_id, after, (
      SELECT author_id FROM (
        SELECT author_id FROM (
          SELECT a.author_id, a.event_id FROM attendance a
          WHERE a.conference_id = asked.conference_id AND NOT a.retired AND a.author_id > asked.after
          GROUP BY a.author_id, a.event_id ORDER BY a.author_id, a.event_id LIMIT $4::int
        ) pair
        GROUP BY author_id ORDER BY author_id LIMIT page_limit
      ) attendee
      ORDER BY author_id DESC LIMIT 1
    ) AS last
    FROM asked
  )
  SELECT
    CASE
      WHEN c.id IS NULL THEN json_build_object('outcome', 'unknown_owner')
      ELSE json_build_object(
        'outcome', 'found',
        'entity', ${conferenceJson('c')},
        'attendees', (
          SELECT coalesce(
            json_agg(json_build_object('author_id', author_id, 'events', events) ORDER BY author_id), '[]'
          )
          FROM (
            SELECT
              author_id,
              json_agg(json_build_object('event_id', event_id, 'claims', claims) ORDER BY event_id) AS events
            FROM (
              SELECT a.author_id, a.event_id, array_agg(a.claim_id ORDER BY a.claim_id) AS claims
              FROM attendance a
              WHERE ${inConference} AND a.author_id > page.after AND a.author_id <= page.last
              GROUP BY a.author_id, a.event_id
            ) pair
            GROUP BY author_id
          ) attendee
        ),
        'more', EXISTS (SELECT FROM attendance a WHERE ${inConference} AND a.author_id > page.last)
      )
    END AS outcome
  FROM page
  LEFT JOIN conferences c ON c.id = page.conference_id
  ORDER BY n`;

/** Reads conferences, and of each a page of the authors that have claims at its events, with all these claims. */
export function listByConference(database: Knex) {
  return (items: ListByConferenceItem[]): Promise<ListByConferenceOutcome[]> =>
    outcomes(database, {
      name: 'list_by_conference',
      text,
      values: [
        items.map((item) => item.conference_id),
        items.map((item) => item.limit),
        items.map((item) => item.after),
        maxPairsByConference,
      ],
    });
}
