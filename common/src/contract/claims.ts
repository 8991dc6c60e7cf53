import { z } from 'zod';
import { batchOperation, maxBatch, pair, refusal, request_ids, type Batch } from './batch.ts';
import { author, conference, event, type Author, type Event } from './entities.ts';
import { reconciliationContract, type ReconciledCopy } from './reconciliation.ts';
import { pageSize, uuid, uuidv7 } from './values.ts';

/*
 * What the gateway asks of the two owners. Each keeps a copy of the attendance relation, in rows called claims:
 * (event, author, claim id). Seen from an owner, one side of a pair is the entity it owns ("owned": the author
 * service's authors, the conference service's events), the other is foreign to it.
 */

/** A copy that holds this many claims of a pair takes no more of it; batches at the same time may exceed it a little. */
export const maxClaimsOfPair = 16;

/** A page of attendance by conference ends after the author that brings it to this many pairs. */
export const maxPairsByConference = 5000;

export const insertItem = z.strictObject({ claim_id: uuidv7, ...pair, request_ids });

/**
 * `remove_id` is the UUIDv7 that a remove made before it read what it retires; null where an add withdraws its own
 * claim, which is right however late.
 */
export const retireItem = z.strictObject({
  ...pair,
  claim_ids: z.array(uuidv7).min(1).max(maxBatch),
  remove_id: uuidv7.nullable(),
  request_ids,
});

export const readPairItem = z.strictObject({ ...pair, request_ids });

const pageOf = { limit: z.int().min(1).max(pageSize.max), after: uuid.nullable(), request_ids };
export const listByOwnedItem = z.strictObject({ owned_id: uuid, ...pageOf });
export const listByForeignItem = z.strictObject({ foreign_id: uuid, ...pageOf });
export const listByConferenceItem = z.strictObject({ conference_id: uuid, ...pageOf });
export const readAttendeeItem = z.strictObject({
  author_id: uuid,
  event_ids: z.array(uuid).min(1).max(100_000),
  request_ids,
});

const claims = z.array(uuid);
const unknownOwner = refusal('unknown_owner');

/** `claims` are the pair's that were there before, retired ones left out, the item's own too. */
const insertOutcome = <E extends z.ZodType>(entity: E) =>
  z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('taken'), entity, claims }),
    z.object({ outcome: z.literal('full'), entity, claims }),
    unknownOwner,
    refusal('expired'),
    refusal('busy'),
  ]);

/** `retired` also where there was nothing left to retire. */
export const retireOutcome = z.discriminatedUnion('outcome', [refusal('retired'), refusal('expired'), refusal('busy')]);

const readPairOutcome = <E extends z.ZodType>(entity: E) =>
  z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('found'), entity, claims }), unknownOwner]);

/** The first `limit` foreign ids after `after`, and whether more follow. */
const listByOwnedOutcome = <E extends z.ZodType>(entity: E) =>
  z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('found'),
      entity,
      pairs: z.array(z.object({ id: uuid, claims })),
      more: z.boolean(),
    }),
    unknownOwner,
  ]);

/** The first `limit` owned entities after `after`, and whether more follow; a foreign id is never unknown here. */
const listByForeignOutcome = <E extends z.ZodType>(entity: E) =>
  z.object({
    outcome: z.literal('found'),
    pairs: z.array(z.object({ id: uuid, entity, claims })),
    more: z.boolean(),
  });

/** An author is never split: all of its events of the conference are there. */
export const listByConferenceOutcome = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('found'),
    entity: conference,
    attendees: z.array(z.object({ author_id: uuid, events: z.array(z.object({ event_id: uuid, claims })) })),
    more: z.boolean(),
  }),
  unknownOwner,
]);

/** The claims of exactly the events that were asked for, in their order. */
export const readAttendeeOutcome = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('found'), entity: author, events: z.array(claims) }),
  unknownOwner,
]);

function claimsContract<E extends z.ZodType>(entity: E) {
  return {
    ...reconciliationContract,
    insertClaims: batchOperation('/internal/claims/insert', 'Insert claims', insertItem, insertOutcome(entity)),
    retireClaims: batchOperation('/internal/claims/retire', 'Retire claims', retireItem, retireOutcome),
    readPairs: batchOperation(
      '/internal/claims/read-pairs',
      'Read pairs, with the owned entity of each',
      readPairItem,
      readPairOutcome(entity),
    ),
    listByOwned: batchOperation(
      '/internal/claims/list-by-owned',
      'List the pairs of an owned entity, and the entity',
      listByOwnedItem,
      listByOwnedOutcome(entity),
    ),
    listByForeign: batchOperation(
      '/internal/claims/list-by-foreign',
      'List the pairs of a foreign entity, with the owned entity of each',
      listByForeignItem,
      listByForeignOutcome(entity),
    ),
  };
}

export const authorClaimsContract = {
  ...claimsContract(author),
  readAttendees: batchOperation(
    '/internal/claims/read-attendees',
    'Read authors, each with the claims of some events',
    readAttendeeItem,
    readAttendeeOutcome,
  ),
};

export const conferenceClaimsContract = {
  ...claimsContract(event),
  listByConference: batchOperation(
    '/internal/claims/list-by-conference',
    "List who attends a conference's events, and the conference",
    listByConferenceItem,
    listByConferenceOutcome,
  ),
};

export type InsertItem = z.output<typeof insertItem>;
export type RetireItem = z.output<typeof retireItem>;
export type ReadPairItem = z.output<typeof readPairItem>;
export type ListByOwnedItem = z.output<typeof listByOwnedItem>;
export type ListByForeignItem = z.output<typeof listByForeignItem>;
export type ListByConferenceItem = z.output<typeof listByConferenceItem>;
export type ReadAttendeeItem = z.output<typeof readAttendeeItem>;

export type InsertOutcome<E> = z.output<ReturnType<typeof insertOutcome<z.ZodType<E>>>>;
export type RetireOutcome = z.output<typeof retireOutcome>;
export type ReadPairOutcome<E> = z.output<ReturnType<typeof readPairOutcome<z.ZodType<E>>>>;
export type ListByOwnedOutcome<E> = z.output<ReturnType<typeof listByOwnedOutcome<z.ZodType<E>>>>;
export type ListByForeignOutcome<E> = z.output<ReturnType<typeof listByForeignOutcome<z.ZodType<E>>>>;
export type ListByConferenceOutcome = z.output<typeof listByConferenceOutcome>;
export type ReadAttendeeOutcome = z.output<typeof readAttendeeOutcome>;

/**
 * An owner as the gateway's protocol sees it: the service behind HTTP in production, one in memory in simulations.
 * A batch that fails as a whole throws (`NotExecuted` where that is certain), and fails each of its items.
 */
export interface Owner<E> extends ReconciledCopy {
  insertClaims: Batch<InsertItem, InsertOutcome<E>>;
  retireClaims: Batch<RetireItem, RetireOutcome>;
  readPairs: Batch<ReadPairItem, ReadPairOutcome<E>>;
  listByOwned: Batch<ListByOwnedItem, ListByOwnedOutcome<E>>;
  listByForeign: Batch<ListByForeignItem, ListByForeignOutcome<E>>;
}

export interface AuthorOwner extends Owner<Author> {
  readAttendees: Batch<ReadAttendeeItem, ReadAttendeeOutcome>;
}

export interface ConferenceOwner extends Owner<Event> {
  listByConference: Batch<ListByConferenceItem, ListByConferenceOutcome>;
}
