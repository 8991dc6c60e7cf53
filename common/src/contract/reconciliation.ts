import { z } from 'zod';
import { batchOperation, maxBatch, pair, refusal, request_ids, type Batch } from './batch.ts';
import { uuid, uuidv7 } from './values.ts';

/*
 * What the gateway's reconciler asks of an owner's copy of attendance. A claim that is retired is not there. Ranges
 * of claim ids are from `from` (inclusive) to `to` (exclusive).
 */

/** Claims that one item looks at, at most. */
export const maxClaimsOfSlice = 10_000;

export const identifyItem = z.strictObject({ request_ids });

/**
 * `database` is this database's own identity and `peer` the one that it remembers of the other copy's, null before
 * they were introduced. Claims before `settled_before` are older than the grace period by this database's clock.
 */
export const identifyOutcome = z.object({
  outcome: z.literal('identified'),
  database: uuid,
  peer: uuid.nullable(),
  settled_before: uuidv7,
});

/** Lets `database` remember `peer`, also instead of another one where `replace` is set. */
export const introduceItem = z.strictObject({ database: uuid, peer: uuid, replace: z.boolean(), request_ids });

/** `refused` by another database than the one meant, and by one that remembers another peer. */
export const introduceOutcome = z.discriminatedUnion('outcome', [refusal('introduced'), refusal('refused')]);

const range = { from: uuid, to: uuid };

export const digestClaimsItem = z.strictObject({
  ...range,
  claims: z.int().min(1).max(maxClaimsOfSlice).describe('How many claims are looked at, at most'),
  request_ids,
});

/**
 * Of the range's first claims: how many, and the sum of the last eight bytes of their ids, each a signed number, the
 * first byte the most significant. `end` is the id of the first claim that was not looked at, null at the range's end.
 */
export const digestClaimsOutcome = z.object({
  outcome: z.literal('found'),
  count: z.int().min(0),
  sum: z.string().regex(/^-?\d+$/),
  end: uuid.nullable(),
});

export const listClaimsItem = z.strictObject({ ...range, limit: z.int().min(1).max(maxBatch), request_ids });

/** The range's first `limit` claims, in order. */
export const listClaimsOutcome = z.object({
  outcome: z.literal('found'),
  claims: z.array(z.object({ claim_id: uuid, ...pair })),
});

/** In the order of the owned and then the foreign entity's id, after a pair; null: from the first. */
export const listSurplusItem = z.strictObject({
  after: z.strictObject(pair).nullable(),
  settled_before: uuidv7,
  claims: z.int().min(1).max(maxClaimsOfSlice).describe('How many claims are looked at, at most'),
  request_ids,
});

/** The pairs of which at least two claims are settled, and the last pair that was looked at; null at the end. */
export const listSurplusOutcome = z.object({
  outcome: z.literal('found'),
  pairs: z.array(z.object(pair)),
  next: z.object(pair).nullable(),
});

/** `database` is the one that is meant. */
export const readClaimsItem = z.strictObject({ ...pair, database: uuid, request_ids });

/** A pair's claims, in order; `unknown_owner` where the owned entity is not there. */
export const readClaimsOutcome = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('found'), claims: z.array(uuid) }),
  refusal('unknown_owner'),
  refusal('other_database'),
]);

/** `database` and `peer` are those that the reason for the drop was found with. */
export const dropClaimItem = z.strictObject({ claim_id: uuid, database: uuid, peer: uuid, request_ids });

/** `too_young` where the claim is not older than the grace period. */
export const dropClaimOutcome = z.discriminatedUnion('outcome', [
  refusal('dropped'),
  refusal('absent'),
  refusal('too_young'),
  refusal('other_database'),
]);

const routine = { routine: true };

export const reconciliationContract = {
  identify: batchOperation('/internal/copy/identify', 'Identify the database', identifyItem, identifyOutcome, routine),
  introduce: batchOperation(
    '/internal/copy/introduce',
    'Introduce the database to its peer',
    introduceItem,
    introduceOutcome,
  ),
  digestClaims: batchOperation(
    '/internal/copy/digest-claims',
    'Digest ranges of claims',
    digestClaimsItem,
    digestClaimsOutcome,
    routine,
  ),
  listClaims: batchOperation(
    '/internal/copy/list-claims',
    'List ranges of claims',
    listClaimsItem,
    listClaimsOutcome,
    routine,
  ),
  listSurplus: batchOperation(
    '/internal/copy/list-surplus',
    'List pairs that have surplus claims',
    listSurplusItem,
    listSurplusOutcome,
    routine,
  ),
  readClaims: batchOperation(
    '/internal/copy/read-claims',
    'Read the claims of pairs in a certain database',
    readClaimsItem,
    readClaimsOutcome,
    routine,
  ),
  dropClaims: batchOperation('/internal/copy/drop-claims', 'Drop claims', dropClaimItem, dropClaimOutcome),
};

export type IdentifyItem = z.output<typeof identifyItem>;
export type IdentifyOutcome = z.output<typeof identifyOutcome>;
export type IntroduceItem = z.output<typeof introduceItem>;
export type IntroduceOutcome = z.output<typeof introduceOutcome>;
export type DigestClaimsItem = z.output<typeof digestClaimsItem>;
export type DigestClaimsOutcome = z.output<typeof digestClaimsOutcome>;
export type ListClaimsItem = z.output<typeof listClaimsItem>;
export type ListClaimsOutcome = z.output<typeof listClaimsOutcome>;
export type ListSurplusItem = z.output<typeof listSurplusItem>;
export type ListSurplusOutcome = z.output<typeof listSurplusOutcome>;
export type ReadClaimsItem = z.output<typeof readClaimsItem>;
export type ReadClaimsOutcome = z.output<typeof readClaimsOutcome>;
export type DropClaimItem = z.output<typeof dropClaimItem>;
export type DropClaimOutcome = z.output<typeof dropClaimOutcome>;

/** A copy of attendance as the reconciler sees it. */
export interface ReconciledCopy {
  identify: Batch<IdentifyItem, IdentifyOutcome>;
  introduce: Batch<IntroduceItem, IntroduceOutcome>;
  digestClaims: Batch<DigestClaimsItem, DigestClaimsOutcome>;
  listClaims: Batch<ListClaimsItem, ListClaimsOutcome>;
  listSurplus: Batch<ListSurplusItem, ListSurplusOutcome>;
  readClaims: Batch<ReadClaimsItem, ReadClaimsOutcome>;
  dropClaims: Batch<DropClaimItem, DropClaimOutcome>;
}
