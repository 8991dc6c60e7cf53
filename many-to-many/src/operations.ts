import { z } from 'zod';
import { ids, uuid, uuidv7 } from './ids.ts';
import { maxBatch, operation, type Batches, type OutcomeOf } from './operation.ts';
import type { Side } from './relation.ts';

/** The most claims of a pair that a copy accepts. Concurrent batches may exceed it a little. */
export const maxClaimsOfPair = 16;

/** The most pairs that one page of a list may ask for. */
export const maxPage = 500;

/** The most claims that one item of `digestClaims` or `listSurplus` covers. */
export const maxClaimsOfSlice = 10_000;

/** The schema of an outcome without further fields. */
const only = <Name extends string>(outcome: Name) => z.object({ outcome: z.literal(outcome) });

const notFound = only('entity_not_found');
const claims = z.array(uuid);
const range = { from: uuid, to: uuid };

/** `claims` are the claims of the pair that the copy holds, without the item's own, in order. */
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

/**
 * The first `limit` own entities after `after`, and whether more follow. `entity_not_found` is missing, because a copy
 * does not know which entities of the other side exist.
 */
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
 * Returns the table of the wire operations of one side's copy. The owner service's handlers, the gateway's client and
 * its batching, the copy in memory and the simulator's network are derived from it.
 *
 * The own entity is the entity on the copy's side, the other entity is the one on the other side. A retired claim counts
 * as absent. Ranges of claim ids go from `from` (inclusive) to `to` (exclusive).
 */
export function copyOperations<Entity>(side: Side<Entity>): CopyOperations<Entity> {
  const table = (tables.get(side) as CopyOperations<Entity> | undefined) ?? declareOperations(side);
  tables.set(side, table);
  return table;
}

/** Each side's table is built once, because building a schema takes longer than using it. */
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
     * `remove_id` is the UUIDv7 that a remove made before it read the pair. It is null if an add withdraws its own claim,
     * because a withdrawal never expires. The outcome is also `retired` if the entity does not exist.
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
     * `database` is this database's identity. `peer` is the identity of its peer, or null if the two have not been
     * introduced yet. Claims before `stable_before` are stable by this database's clock.
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
     * Makes `database` remember `peer`. `refused` if this is another database, or if it remembers another peer and
     * `replace` is false.
     */
    introduce: operation({
      summary: 'Introduce the database to its peer',
      item: { database: uuid, peer: uuid, replace: z.boolean() },
      outcome: z.discriminatedUnion('outcome', [only('introduced'), only('refused')]),
    }),

    /*
     * Counts the first `claims` claims of the range, and adds up the last eight bytes of their ids, each as a signed
     * big-endian number. `end` is the first claim after these, or null if no further claim is in the range.
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
     * Reads about `claims` claims after the pair `after` (null: from the first pair), in the order of own and then other
     * ids. `pairs` are the pairs with at least two stable claims. `next` is the last pair that was read, or null at the
     * end.
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

    /*
     * `other_database` if this is not `database`. `marked` says that the owner service marked the entity as deleted, so
     * that its claims are missing on purpose. Older owner services do not say it.
     */
    readClaims: operation({
      summary: 'Read the claims of pairs in a certain database',
      item: { ...pair, database: uuid },
      outcome: z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('found'), claims }),
        notFound.extend({ marked: z.boolean().optional() }),
        only('other_database'),
      ]),
      routine: true,
    }),

    /* `other_database` if this is not `database`, or its peer is not `peer`. The reconciler compared these two. */
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
 * One side's copy of the relation, as the gateway sees it: behind HTTP in production, in memory in a simulation. If a
 * batch fails as a whole, the function rejects with a `Failure`, which is then the answer to each item.
 */
export type Copy<Entity> = Batches<CopyOperations<Entity>>;

/** The operations of a copy that the reconciler uses. */
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
