export { createRelation, type ComposedRelation, type CopyOrCall, type RelationOptions } from './createRelation.ts';
export { defineRelation, type Pair, type Relation, type Side, type SideDefinition, type SideName } from './relation.ts';
export { ids, uuid, uuidv7, type Id, type IdKind } from './ids.ts';
export { firstId, timeOf } from './claimIds.ts';
export { createTimes, finalAfterMs, scaled, type Times } from './times.ts';
export {
  failureOf,
  isFailure,
  notRead,
  NotExecuted,
  Unknown,
  type Answer,
  type Failure,
  type FailureOptions,
} from './outcome.ts';
export { machine, type Environment } from './environment.ts';

// the wire: the table of operations, more operations of one's own, and the way to a copy elsewhere
export {
  batchOf,
  maxBatch,
  operation,
  outcomesOf,
  requestIdPattern,
  type Batches,
  type Declaration,
  type Fields,
  type ItemOf,
  type Operation,
  type Operations,
  type OutcomeOf,
} from './operation.ts';
export { copyOperations, maxClaimsOfPair, maxPage, type Copy, type CopyOperations } from './operations.ts';
export { overFetch, remoteCopy, remoteOperations, type Call, type FetchOptions } from './remote.ts';

// what a composition of one's own is made of
export { askCopy, type Ask, type Asked } from './gateway/ask.ts';
export { type Added } from './gateway/add.ts';
export { type PageRequest } from './gateway/checkRequests.ts';
export { type Coalescing } from './gateway/coalesce.ts';
export { type RelationEvents } from './gateway/events.ts';
export { type Listed } from './gateway/list.ts';
export { type Removed } from './gateway/remove.ts';
export { sharedClaims, type EntityNotFound, type PairRead } from './gateway/visible.ts';
export { withinDeadline } from './gateway/withinDeadline.ts';

export { type CompareSizes } from './reconciler/compare.ts';
export { type Drop, type DropReason } from './reconciler/drop.ts';
export { type ReconcilerEvents } from './reconciler/events.ts';
export { type Reconciler, type RunOptions } from './reconciler/reconciler.ts';
export { type ScanReport } from './reconciler/report.ts';
export { type Mode, type Progress } from './reconciler/scan.ts';
