import type { Knex } from 'knex';
import type { Owner } from '../contract/claims.ts';
import type { Times } from '../times.ts';
import type { Copy } from './copy.ts';
import { insertClaims } from './insertClaims.ts';
import { listByForeign } from './listByForeign.ts';
import { listByOwned } from './listByOwned.ts';
import { readPairs } from './readPairs.ts';
import { digestClaims } from './reconciliation/digestClaims.ts';
import { dropClaims } from './reconciliation/dropClaims.ts';
import { identify, introduce } from './reconciliation/identity.ts';
import { listClaims } from './reconciliation/listClaims.ts';
import { listSurplus } from './reconciliation/listSurplus.ts';
import { readClaims } from './reconciliation/readClaims.ts';
import { retireClaims } from './retireClaims.ts';

/** What both owners do with their copy of attendance: each operation is one statement for the whole batch. */
export function createOwner<E>(database: Knex, copy: Copy<E>, times: Times): Owner<E> {
  return {
    insertClaims: insertClaims(database, copy, times),
    retireClaims: retireClaims(database, copy, times),
    readPairs: readPairs(database, copy),
    listByOwned: listByOwned(database, copy),
    listByForeign: listByForeign(database, copy),
    identify: identify(database, times),
    introduce: introduce(database),
    digestClaims: digestClaims(database),
    listClaims: listClaims(database),
    listSurplus: listSurplus(database, copy),
    readClaims: readClaims(database, copy),
    dropClaims: dropClaims(database, times),
  };
}
