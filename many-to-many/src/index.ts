export { createRelation, type ComposedRelation, type CopyOrCall, type RelationOptions } from './createRelation.ts';
export { defineRelation, type Pair, type Relation, type Side, type SideDefinition, type SideName } from './relation.ts';
export { ids, uuid, uuidv7, type Id, type IdKind } from './ids.ts';
export { firstId, timeOf } from './claimIds.ts';
export { createTimes, finalAfterMs, promisedFinalMs, scaled, type Times } from './times.ts';
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

// the wire: the table of operations, how to declare further operations, and how to call a copy elsewhere
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

// the parts of createRelation, for a gateway with operations of its own
export { askCopy, type Ask, type Asked } from './gateway/ask.ts';
export { type Added } from './gateway/add.ts';
export { type PageRequest } from './gateway/checkRequests.ts';
export { type Coalescing } from './gateway/coalesce.ts';
export { type RelationEvents } from './gateway/events.ts';
export { type Listed } from './gateway/list.ts';
export { type Removed } from './gateway/remove.ts';
export { sharedClaims, type EntityNotFound, type PairRead } from './gateway/visible.ts';
export { withinDeadline } from './gateway/withinDeadline.ts';

export { type Drop, type DropReason } from './reconciler/drop.ts';
export { type ReconcilerEvents } from './reconciler/events.ts';
export { type Reconciler, type RunOptions } from './reconciler/reconciler.ts';
export { type ScanReport } from './reconciler/report.ts';
export { type Mode, type Progress, type ReconcilerSizes } from './reconciler/scan.ts';
