import type { Copy } from '../../operations.ts';
import type { Side } from '../../relation.ts';
import { insertClaims } from './insertClaims.ts';
import { MemoryCopy, type MemoryCopyOptions } from './memoryCopy.ts';
import { listByOther, listByOwn, readPair } from './reads.ts';
import { reconciliation } from './reconciliation.ts';
import { retireClaims } from './retireClaims.ts';
import { read, type Statements } from './statements.ts';

/**
 * Makes one side's copy in memory. It is written apart from the SQL, whose meaning it has: the two are independent
 * witnesses. `atOnce(statements)` is a `Copy`.
 */
export function createMemoryCopy<Entity>(side: Side<Entity>, options: MemoryCopyOptions) {
  const copy = new MemoryCopy(side, options);
  const statements: Statements<Copy<Entity>> = {
    insertClaims: (items) => insertClaims(copy, items),
    retireClaims: (items) => retireClaims(copy, items),
    readPairs: read((item) => readPair(copy, item)),
    listByOwn: read((item) => listByOwn(copy, item)),
    listByOther: read((item) => listByOther(copy, item)),
    ...reconciliation(copy),
  };
  return { copy, statements };
}
