import { maxPairsByConference, type conferenceOperations } from '@attendance/common/contract/relation';
import { ids, type Batches } from 'many-to-many';
import { outcomes, type Query } from 'many-to-many/copy';
import { conferenceJson } from './conferences.ts';

/*
 * The page ends with an author, `last`. It takes the authors of the first 5,000 pairs, and of these the first
 * `page_limit`. Then it reads all pairs up to there, so that the last author's are complete. All reads stay within one
 * range of attendance_by_conference, and within the page. A marked event has claims until they are purged: it is there
 * without them, so that no page has to look for the next event that exists.
 */
const inConference = 'a.conference_id = page.conference_id AND NOT a.retired';
const text = `
  WITH asked AS (
    SELECT n, conference_id, page_limit, coalesce(after, ${ids.uuid.lowest}) AS after
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
      WHEN c.id IS NULL THEN json_build_object('outcome', 'entity_not_found')
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
              SELECT
                a.author_id, a.event_id,
                CASE
                  WHEN a.event_id IN (SELECT id FROM all_events WHERE deleted_at IS NOT NULL) THEN '{}'
                  ELSE array_agg(a.claim_id ORDER BY a.claim_id)
                END AS claims
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

/** Reads conferences, and for each a page of the authors that have claims at its events, with all these claims. */
export function listByConference(query: Query): Batches<typeof conferenceOperations>['listByConference'] {
  return (items) =>
    outcomes(query, {
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
