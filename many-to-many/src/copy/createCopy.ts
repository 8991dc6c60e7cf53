import type { Copy } from '../operations.ts';
import type { Side } from '../relation.ts';
import { createTimes, type Times } from '../times.ts';
import { digestClaims } from './digestClaims.ts';
import { dropClaims } from './dropClaims.ts';
import { identify, introduce } from './identity.ts';
import { insertClaims } from './insertClaims.ts';
import { listByOther } from './listByOther.ts';
import { listByOwn } from './listByOwn.ts';
import { listClaims } from './listClaims.ts';
import { listSurplus } from './listSurplus.ts';
import type { Query } from './query.ts';
import { readClaims } from './readClaims.ts';
import { readPairs } from './readPairs.ts';
import { retireClaims } from './retireClaims.ts';
import { copyTable, type EntityTable } from './table.ts';

/** The options of a copy. */
export interface CopyOptions {
  /** Runs statements in the owner service's database; `overPool(pool)` for a `pg.Pool`. */
  query: Query;
  /** The table of the entities that this side owns. */
  entities: EntityTable;
  /** The table of times, which must be the same in all services; `createTimes()` unless given. */
  times?: Times;
}

/** Makes one side's copy in PostgreSQL. Each operation is one statement for the whole batch. */
export function createCopy<Entity>(
  side: Side<Entity>,
  { query, entities, times = createTimes() }: CopyOptions,
): Copy<Entity> {
  const table = copyTable(side, entities);
  return {
    insertClaims: insertClaims(query, table, side, times),
    retireClaims: retireClaims(query, table, side, times),
    readPairs: readPairs(query, table, side),
    listByOwn: listByOwn(query, table),
    listByOther: listByOther(query, table),
    identify: identify(query, table, times),
    introduce: introduce(query, table),
    digestClaims: digestClaims(query, table),
    listClaims: listClaims(query, table),
    listSurplus: listSurplus(query, table, side),
    readClaims: readClaims(query, table, side),
    dropClaims: dropClaims(query, table, times),
  };
}
