import { copyOperations, defineRelation, maxBatch, maxPage, operation, uuid } from 'many-to-many';
import { z } from 'zod';
import { author, conference, event } from './entities.ts';

/** Authors attend events. The conference service keeps the left copy, the author service the right one. */
export const attendance = defineRelation({
  name: 'attendance',
  left: { name: 'event', entity: event },
  right: { name: 'author', entity: author },
});

/** A page of attendance by conference ends after the author that brings it to this many pairs. */
export const maxPairsByConference = 5000;

const claims = z.array(uuid);
const notFound = z.object({ outcome: z.literal('entity_not_found') });

/** How the conference service lists the attendees of a conference, for lists by conference. */
export const conferenceLists = {
  /* An author is never split: all of its events of the conference are there. */
  listByConference: operation({
    summary: "List who attends a conference's events, and the conference",
    item: { conference_id: uuid, limit: z.int().min(1).max(maxPage), after: uuid.nullable() },
    outcome: z.discriminatedUnion('outcome', [
      z.object({
        outcome: z.literal('found'),
        entity: conference,
        attendees: z.array(z.object({ author_id: uuid, events: z.array(z.object({ event_id: uuid, claims })) })),
        more: z.boolean(),
      }),
      notFound,
    ]),
    weigh: ({ limit }) => limit,
  }),
};

/** How the author service gives the claims of given pairs, author by author, for lists by conference. */
export const authorLists = {
  /* Gives the claims of exactly the events that were asked for, in their order. */
  readAttendees: operation({
    summary: 'Read authors, each with the claims of some events',
    item: {
      author_id: uuid,
      event_ids: z
        .array(uuid)
        .min(1)
        .max(100 * maxBatch),
    },
    outcome: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('found'), entity: author, events: z.array(claims) }),
      notFound,
    ]),
    weigh: ({ event_ids }) => event_ids.length,
  }),
};

/** What the conference service answers the gateway. */
export const conferenceOperations = { ...copyOperations(attendance.left), ...conferenceLists };

/** What the author service answers the gateway. */
export const authorOperations = { ...copyOperations(attendance.right), ...authorLists };
