export { serveCopy, type ServedCopy } from './serveCopy.ts';
export { NoConnection, overPool, type Connection, type Pool } from './overPool.ts';
export { poolSettings, type PoolSettings } from './poolSettings.ts';
export { NotWritable, requireWritable, type Session } from './requireWritable.ts';
export { createTables, dropTables } from './tables.ts';

// the parts of serveCopy, for an owner service that adds operations of its own
export { createCopy, type CopyOptions } from './createCopy.ts';
export { createHandler, type Answered, type Handler } from './createHandler.ts';
export { purgeTombstones, maxPurged } from './purge.ts';
export { startPurge, type Purge, type PurgeOptions } from './startPurge.ts';

// the parts of an operation
export { execute, outcomes, type Query, type Statement } from './query.ts';
export { isReadOnly } from './sqlState.ts';
export { claimsOf, copyTable, type CopyTable, type EntityTable, type Marks } from './table.ts';
