import { machine, type Environment } from './environment.ts';
import { ids } from './ids.ts';
import { copyOperations, type Copy } from './operations.ts';
import type { CompareSizes } from './reconciler/compare.ts';
import type { ReconcilerEvents } from './reconciler/events.ts';
import { createReconciler, type Reconciler } from './reconciler/reconciler.ts';
import type { Pair, Relation, Side } from './relation.ts';
import { remoteCopy, type Call } from './remote.ts';
import { createTimes, type Times } from './times.ts';
import { createAdd, type Added } from './gateway/add.ts';
import { askCopy } from './gateway/ask.ts';
import { Background } from './gateway/background.ts';
import { checkRequests, type PageRequest } from './gateway/checkRequests.ts';
import type { RelationEvents } from './gateway/events.ts';
import { createList, type Listed } from './gateway/list.ts';
import { createReadPair } from './gateway/readPair.ts';
import { createRemove, type Removed } from './gateway/remove.ts';
import type { PairRead } from './gateway/visible.ts';

/** What a relation may be given besides its copies. */
export interface RelationOptions {
  /** The table of times; the same one in all services. `createTimes()` unless given. */
  times?: Times;
  /** Clock, timers and random ids; those of the machine unless given. A simulation gives it others. */
  environment?: Environment;
  /** Called when something happens that is worth a metric or a line in the log. */
  events?: Partial<RelationEvents & ReconcilerEvents>;
  /** Calls in flight at once for one operation of one copy; 4 unless given. */
  slots?: number;
  /** How many claims the reconciler looks at in one call. */
  sizes?: CompareSizes;
}

/** A side's copy where the relation is composed: as operations, or as the way to the owner service that serves it. */
export type CopyOrCall<Entity> = Copy<Entity> | Call;

/**
 * A relation over its two copies, as every client sees it. It holds no state but the calls that are in flight.
 *
 * Each call gives an outcome. It rejects only what the types exclude: a `TypeError` for an id that is no string, a
 * `RangeError` for a bad `after`, `limit` or `requestId`. An id of another kind than the side's belongs to no entity:
 * `entity_not_found`.
 *
 * `requestId` is for the logs of the owner services. A new one is made unless given.
 */
export interface ComposedRelation<Left, Right> {
  /** Adds a pair. */
  add: (pair: Pair, requestId?: string) => Promise<Added<Left, Right>>;
  /** Removes a pair. */
  remove: (pair: Pair, requestId?: string) => Promise<Removed>;
  /** Reads a pair, with its two entities. */
  read: (pair: Pair, requestId?: string) => Promise<PairRead<Left, Right>>;
  /** Lists the right entities of a left one, in the order of their ids. */
  listByLeft: (page: PageRequest, requestId?: string) => Promise<Listed<Left, Right>>;
  /** Lists the left entities of a right one, in the order of their ids. */
  listByRight: (page: PageRequest, requestId?: string) => Promise<Listed<Right, Left>>;
  /** Deletes half claims and surplus claims once it is started. */
  reconciler: Reconciler;
  /** Resolves when no withdrawal is in flight any more. */
  idle: () => Promise<void>;
}

const ignore = () => undefined;
const noEvents: RelationEvents & ReconcilerEvents = {
  added: ignore,
  removed: ignore,
  withdrawn: ignore,
  stranded: ignore,
  dropped: ignore,
  scanned: ignore,
  failed: ignore,
};

/** Composes the relation from its two copies. */
export function createRelation<Left, Right>(
  definition: Relation<Left, Right>,
  copies: { left: CopyOrCall<Left>; right: CopyOrCall<Right> },
  { times = createTimes(), environment = machine, slots, sizes, ...options }: RelationOptions = {},
): ComposedRelation<Left, Right> {
  const events = { ...noEvents, ...options.events };
  const coalescing = { ...environment, times, ...(slots ? { slots } : {}) };
  const background = new Background();
  const left = askCopy(copyOperations(definition.left), copyOf(definition.left, copies.left), coalescing);
  const right = askCopy(copyOperations(definition.right), copyOf(definition.right, copies.right), coalescing);
  const parts = { ...environment, left, right, times, background, events };
  const read = createReadPair(parts);
  const { onPair, onPage } = checkRequests(definition, environment.newId);
  const compare = { left: ids[definition.left.id].compare, right: ids[definition.right.id].compare };
  return {
    add: onPair(createAdd(parts)),
    remove: onPair(createRemove({ ...parts, readPair: read })),
    read: onPair(read),
    listByLeft: onPage('left', createList({ ...parts, root: left, leaf: right, compare: compare.right })),
    listByRight: onPage('right', createList({ ...parts, root: right, leaf: left, compare: compare.left })),
    reconciler: createReconciler({ ...environment, left, right, times, events, ...(sizes ? { sizes } : {}) }),
    idle: () => background.idle(),
  };
}

function copyOf<Entity>(side: Side<Entity>, copy: CopyOrCall<Entity>): Copy<Entity> {
  return typeof copy === 'function' ? remoteCopy(side, copy) : copy;
}
