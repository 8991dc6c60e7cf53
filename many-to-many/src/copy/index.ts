export { createCopy } from './createCopy.ts';
export { createHandler, type Answered } from './createHandler.ts';
export { overPool } from './overPool.ts';
export { purgeTombstones, maxPurged } from './purge.ts';
export { startPurge } from './startPurge.ts';
export { createTables, dropTables } from './tables.ts';

// what operations of one's own are made of
export { execute, outcomes, type Query, type Statement } from './query.ts';
export { claimsOf, copyTable, type CopyTable, type EntityTable } from './table.ts';
