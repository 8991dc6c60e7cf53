import { z } from 'zod';
import { ids, uuid, uuidv7 } from './ids.ts';
import { maxBatch, operation, type Batches, type OutcomeOf } from './operation.ts';
import type { Side } from './relation.ts';

/** A copy that holds this many claims of a pair accepts no more of them; concurrent batches may exceed it a little. */
export const maxClaimsOfPair = 16;

/** The most pairs that one page of a list may ask for. */
export const maxPage = 500;

/** Claims that one item of a digest, or of a list of surplus claims, looks at. */
export const maxClaimsOfSlice = 10_000;

/** An outcome that says no more than its name. */
const only = <Name extends string>(outcome: Name) => z.object({ outcome: z.literal(outcome) });

const notFound = only('entity_not_found');
const claims = z.array(uuid);
const range = { from: uuid, to: uuid };

/** `claims` are those of the pair that the copy holds besides the item's own, in order. */
const insertOutcome = <Entity>(entity: z.ZodType<Entity>) =>
  z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('accepted'), entity, claims }),
    z.object({ outcome: z.literal('limit_reached'), entity, claims }),
    notFound,
    only('expired'),
    only('entity_locked'),
  ]);

const readPairOutcome = <Entity>(entity: z.ZodType<Entity>) =>
  z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('found'), entity, claims }), notFound]);

/** The first `limit` other ids after `after`, and whether more follow. */
const listByOwnOutcome = <Entity>(entity: z.ZodType<Entity>, other: z.ZodType<string>) =>
  z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('found'),
      entity,
      pairs: z.array(z.object({ id: other, claims })),
      more: z.boolean(),
    }),
    notFound,
  ]);

/** The first `limit` own entities after `after`, and whether more follow. A copy knows no other id to be unknown. */
const listByOtherOutcome = <Entity>(entity: z.ZodType<Entity>, own: z.ZodType<string>) =>
  z.object({
    outcome: z.literal('found'),
    pairs: z.array(z.object({ id: own, entity, claims })),
    more: z.boolean(),
  });

/** The fields that name a pair of the relation. */
export function pairFields<Entity>({ side, id, other }: Side<Entity>) {
  const [own, foreign] = [ids[id].schema, ids[other.id].schema];
  return side === 'left' ? { left: own, right: foreign } : { left: foreign, right: own };
}

/**
 * The wire operations of one side's copy, in one table. The owner service's handlers, the gateway's client and its
 * batching, the copy in memory and the simulator's network follow from it.
 *
 * Seen from a copy, "own" is the entity on its side and "other" the one on the other side. A retired claim counts as
 * absent. Ranges of claim ids go from `from` (inclusive) to `to` (exclusive).
 */
export function copyOperations<Entity>(side: Side<Entity>): CopyOperations<Entity> {
  const table = (tables.get(side) as CopyOperations<Entity> | undefined) ?? declareOperations(side);
  tables.set(side, table);
  return table;
}

/** Each side's table is built once: to build a schema takes longer than to use it. */
const tables = new WeakMap<Side<unknown>, unknown>();

function declareOperations<Entity>(side: Side<Entity>) {
  const own = ids[side.id].schema;
  const other = ids[side.other.id].schema;
  const pair = pairFields(side);
  return {
    insertClaims: operation({
      summary: 'Insert claims',
      item: { claim_id: uuidv7, ...pair },
      outcome: insertOutcome(side.entity),
      provenBy: 'accepted',
    }),

    /*
     * `remove_id` is the UUIDv7 that a remove made before it read what it retires. It is null where an add withdraws
     * its own claim, which is right however late. `retired` also where there was nothing left to retire.
     */
    retireClaims: operation({
      summary: 'Retire claims',
      item: { ...pair, claim_ids: z.array(uuidv7).min(1).max(maxBatch), remove_id: uuidv7.nullable() },
      outcome: z.discriminatedUnion('outcome', [only('retired'), only('expired'), only('entity_locked')]),
      weigh: ({ claim_ids }) => claim_ids.length,
      provenBy: 'retired',
    }),

    readPairs: operation({
      summary: 'Read pairs, with the own entity of each',
      item: pair,
      outcome: readPairOutcome(side.entity),
    }),

    listByOwn: operation({
      summary: 'List the pairs of an own entity, and the entity',
      item: { id: own, limit: z.int().min(1).max(maxPage), after: other.nullable() },
      outcome: listByOwnOutcome(side.entity, other),
      weigh: ({ limit }) => limit,
    }),

    listByOther: operation({
      summary: 'List the pairs of an entity of the other side, with the own entity of each',
      item: { id: other, limit: z.int().min(1).max(maxPage), after: own.nullable() },
      outcome: listByOtherOutcome(side.entity, own),
      weigh: ({ limit }) => limit,
    }),

    /*
     * `database` is this database's identity and `peer` the one that it remembers as the other copy's, null before
     * the two were introduced. Claims before `stable_before` are stable by this database's clock.
     */
    identify: operation({
      summary: 'Identify the database',
      item: {},
      outcome: z.object({
        outcome: z.literal('identified'),
        database: uuid,
        peer: uuid.nullable(),
        stable_before: uuidv7,
      }),
      routine: true,
    }),

    /*
     * Makes `database` remember `peer`; another peer is replaced only where `replace` is set. `refused` by another
     * database than the one meant, and by one that remembers another peer.
     */
    introduce: operation({
      summary: 'Introduce the database to its peer',
      item: { database: uuid, peer: uuid, replace: z.boolean() },
      outcome: z.discriminatedUnion('outcome', [only('introduced'), only('refused')]),
    }),

    /*
     * Of the first `claims` claims of the range: how many there are, and the sum of the last eight bytes of their ids,
     * each a signed big-endian number. `end` is the first claim that was not looked at, null at the range's end.
     */
    digestClaims: operation({
      summary: 'Digest ranges of claims',
      item: { ...range, claims: z.int().min(1).max(maxClaimsOfSlice) },
      outcome: z.object({
        outcome: z.literal('found'),
        count: z.int().min(0),
        sum: z.string().regex(/^-?\d+$/),
        end: uuid.nullable(),
      }),
      routine: true,
    }),

    listClaims: operation({
      summary: 'List the first claims of ranges, in order',
      item: { ...range, limit: z.int().min(1).max(maxBatch) },
      outcome: z.object({
        outcome: z.literal('found'),
        claims: z.array(z.object({ claim_id: uuid, ...pair })),
      }),
      weigh: ({ limit }) => limit,
      routine: true,
    }),

    /*
     * Looks at `claims` claims, in the order of own and then other ids, after a pair (null: from the first). Gives the
     * pairs that have at least two stable claims, and the last pair that was looked at (null at the end).
     */
    listSurplus: operation({
      summary: 'List pairs that have surplus claims',
      item: {
        after: z.strictObject(pair).nullable(),
        stable_before: uuidv7,
        claims: z.int().min(1).max(maxClaimsOfSlice),
      },
      outcome: z.object({
        outcome: z.literal('found'),
        pairs: z.array(z.object(pair)),
        next: z.object(pair).nullable(),
      }),
      routine: true,
    }),

    /* `database` is the one that is meant. */
    readClaims: operation({
      summary: 'Read the claims of pairs in a certain database',
      item: { ...pair, database: uuid },
      outcome: z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('found'), claims }),
        notFound,
        only('other_database'),
      ]),
      routine: true,
    }),

    /* `database` and `peer` are those that the reason for the drop was found with. */
    dropClaims: operation({
      summary: 'Drop claims',
      item: { claim_id: uuid, database: uuid, peer: uuid },
      outcome: z.discriminatedUnion('outcome', [
        only('dropped'),
        only('absent'),
        only('not_stable'),
        only('other_database'),
      ]),
    }),
  };
}

/** The table of the wire operations of one side's copy. */
export type CopyOperations<Entity> = ReturnType<typeof declareOperations<Entity>>;

/**
 * One side's copy of the relation, as the gateway sees it: behind HTTP in production, in memory in a simulation. A
 * batch that fails as a whole throws a `Failure`, which is the answer of each of its items.
 */
export type Copy<Entity> = Batches<CopyOperations<Entity>>;

/** What the reconciler uses of a copy. It knows nothing of entities. */
export type ReconciledCopy = Pick<
  Copy<unknown>,
  'identify' | 'introduce' | 'digestClaims' | 'listClaims' | 'listSurplus' | 'readClaims' | 'dropClaims'
>;

export type InsertOutcome<Entity> = OutcomeOf<CopyOperations<Entity>['insertClaims']>;
export type RetireOutcome = OutcomeOf<CopyOperations<unknown>['retireClaims']>;
export type ReadPairOutcome<Entity> = OutcomeOf<CopyOperations<Entity>['readPairs']>;
export type DigestClaimsOutcome = OutcomeOf<CopyOperations<unknown>['digestClaims']>;
export type ListClaimsOutcome = OutcomeOf<CopyOperations<unknown>['listClaims']>;
export type ReadClaimsOutcome = OutcomeOf<CopyOperations<unknown>['readClaims']>;
export type DropClaimOutcome = OutcomeOf<CopyOperations<unknown>['dropClaims']>;
