import { machine, type Environment } from './environment.ts';
import { ids } from './ids.ts';
import { copyOperations, type Copy } from './operations.ts';
import type { CompareSizes } from './reconciler/compare.ts';
import type { ReconcilerEvents } from './reconciler/events.ts';
import { createReconciler, type Reconciler } from './reconciler/reconciler.ts';
import type { Pair, Relation } from './relation.ts';
import { createTimes, type Times } from './times.ts';
import { createAdd, type Added } from './gateway/add.ts';
import { askCopy } from './gateway/ask.ts';
import { Background } from './gateway/background.ts';
import type { RelationEvents } from './gateway/events.ts';
import { createList, type Listed, type PageRequest } from './gateway/list.ts';
import { createReadPair } from './gateway/readPair.ts';
import { createRemove, type Removed } from './gateway/remove.ts';
import type { PairRead } from './gateway/visible.ts';

export interface RelationOptions {
  times?: Times;
  environment?: Environment;
  events?: Partial<RelationEvents & ReconcilerEvents>;
  /** Calls in flight at once for one operation of one copy; 4 unless given. */
  slots?: number;
  /** How much the reconciler looks at in one go. */
  sizes?: CompareSizes;
}

/**
 * The relation over its two copies, as every client sees it. It holds no state but what is in flight. No call rejects;
 * each gives an outcome. `requestId` is for the owner services' logs.
 */
export interface ComposedRelation<Left, Right> {
  add: (pair: Pair, requestId: string) => Promise<Added<Left, Right>>;
  remove: (pair: Pair, requestId: string) => Promise<Removed>;
  read: (pair: Pair, requestId: string) => Promise<PairRead<Left, Right>>;
  /** Lists the right entities of a left one. */
  listByLeft: (page: PageRequest, requestId: string) => Promise<Listed<Left, Right>>;
  /** Lists the left entities of a right one. */
  listByRight: (page: PageRequest, requestId: string) => Promise<Listed<Right, Left>>;
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

/** Composes the two copies of a relation, each given as its remote or local operations. */
export function createRelation<Left, Right>(
  definition: Relation<Left, Right>,
  copies: { left: Copy<Left>; right: Copy<Right> },
  { times = createTimes(), environment = machine, slots, sizes, ...options }: RelationOptions = {},
): ComposedRelation<Left, Right> {
  const events = { ...noEvents, ...options.events };
  const coalescing = { ...environment, times, ...(slots ? { slots } : {}) };
  const background = new Background();
  const left = askCopy(copyOperations(definition.left), copies.left, coalescing);
  const right = askCopy(copyOperations(definition.right), copies.right, coalescing);
  const parts = { ...environment, left, right, times, background, events };
  const read = createReadPair(parts);
  return {
    add: createAdd(parts),
    remove: createRemove({ ...parts, readPair: read }),
    read,
    listByLeft: createList({ ...parts, root: left, leaf: right, compare: ids[definition.right.id].compare }),
    listByRight: createList({ ...parts, root: right, leaf: left, compare: ids[definition.left.id].compare }),
    reconciler: createReconciler({ ...environment, left, right, times, events, ...(sizes ? { sizes } : {}) }),
    idle: () => background.idle(),
  };
}
