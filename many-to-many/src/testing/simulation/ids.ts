import type { IdKind } from '../../ids.ts';
import type { Random } from '../random.ts';

export interface Ids {
  /** Makes a UUIDv7 of a time in milliseconds since 1970. */
  uuidv7: (ms: number) => string;
  /** Makes the id of an entity. */
  entityId: (kind: IdKind) => string;
}

/** Characters whose order differs between UTF-16 units and code points, or between upper and lower case. */
const characters = ['a', 'B', 'ü', '\u{fffd}', '\u{1f600}'];

/** Makes the ids of a seed, each never twice. UUIDv7s of the same millisecond are in random order. */
export function createIds(random: Random): Ids {
  let count = 0;
  const uuidv7 = (ms: number) => {
    const time = ms.toString(16).padStart(12, '0');
    const order = random.below(0x1000).toString(16).padStart(3, '0');
    // the sums of ids differ between sets of them only if the ids are random
    const last = random.below(0x1000000).toString(16).padStart(6, '0') + (++count).toString(16).padStart(6, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-8000-${last}`;
  };
  const entityId = {
    uuid: () => uuidv7(random.below(2 ** 40)),
    // of one to seven digits before those that make it unique: their order is not that of their text
    bigint: () => `${1 + random.below(10 ** random.below(7))}${++count}`,
    text: () => `${characters[random.below(characters.length)] ?? ''}${random.below(100)}-${++count}`,
  };
  return { uuidv7, entityId: (kind) => entityId[kind]() };
}
