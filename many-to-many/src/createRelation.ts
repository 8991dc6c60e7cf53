import { machine, type Environment } from './environment.ts';
import { ids } from './ids.ts';
import { copyOperations, type Copy } from './operations.ts';
import type { ReconcilerEvents } from './reconciler/events.ts';
import { createReconciler, type Reconciler } from './reconciler/reconciler.ts';
import type { ReconcilerSizes } from './reconciler/scan.ts';
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

/** The options of a relation. */
export interface RelationOptions {
  /** The table of times, which must be the same in all services; `createTimes()` unless given. */
  times?: Times;
  /** Clock, timers and random ids; those of the machine unless given. A simulation passes its own. */
  environment?: Environment;
  /** Functions that are called for metrics and logs. */
  events?: Partial<RelationEvents & ReconcilerEvents>;
  /** The most calls in flight at once for one operation of one copy; 4 unless given. */
  slots?: number;
  /** How much the reconciler does at once, and by itself; only tests need to set it. */
  sizes?: ReconcilerSizes;
}

/** A side's copy: either its operations, or a function that calls the owner service that serves it. */
export type CopyOrCall<Entity> = Copy<Entity> | Call;

/**
 * A relation over its two copies, as clients see it. Its only state is the calls that are in flight.
 *
 * Each call resolves to an outcome. It rejects only if an argument is wrong: with a `TypeError` if an id is not a string,
 * with a `RangeError` if `after`, `limit` or `requestId` is invalid. If an id is not of its side's kind, the outcome is
 * `entity_not_found`.
 *
 * The owner services log the `requestId`. A call without one makes a new one.
 */
export interface ComposedRelation<Left, Right> {
  /** Adds a pair. */
  add: (pair: Pair, requestId?: string) => Promise<Added<Left, Right>>;
  /** Removes a pair. */
  remove: (pair: Pair, requestId?: string) => Promise<Removed>;
  /** Reads a pair, with its two entities. */
  read: (pair: Pair, requestId?: string) => Promise<PairRead<Left, Right>>;
  /** Lists the right entities that are related to a left one, in the order of their ids. */
  listByLeft: (page: PageRequest, requestId?: string) => Promise<Listed<Left, Right>>;
  /** Lists the left entities that are related to a right one, in the order of their ids. */
  listByRight: (page: PageRequest, requestId?: string) => Promise<Listed<Right, Left>>;
  /** Deletes half claims and surplus claims. It does nothing until it is started. */
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
  const coalescing = { ...environment, times, slots };
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
