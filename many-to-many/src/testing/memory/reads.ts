import type { ItemOf, OutcomeOf } from '../../operation.ts';
import type { CopyOperations, ReadPairOutcome } from '../../operations.ts';
import type { Claim, MemoryCopy } from './memoryCopy.ts';

type Item<Name extends keyof CopyOperations<unknown>> = ItemOf<CopyOperations<unknown>[Name]>;
type Outcome<Entity, Name extends keyof CopyOperations<unknown>> = OutcomeOf<CopyOperations<Entity>[Name]>;

export function readPair<Entity>(copy: MemoryCopy<Entity>, item: Item<'readPairs'>): ReadPairOutcome<Entity> {
  const entity = copy.entities.get(item[copy.own]);
  if (!entity) return { outcome: 'entity_not_found' };
  return { outcome: 'found', entity, claims: copy.held(item) };
}

export function listByOwn<Entity>(
  copy: MemoryCopy<Entity>,
  { id, ...page }: Item<'listByOwn'>,
): Outcome<Entity, 'listByOwn'> {
  const entity = copy.entities.get(id);
  if (!entity) return { outcome: 'entity_not_found' };
  const others = heldRows(copy).filter((row) => row[copy.own] === id);
  const { keys, more } = pageOf(
    others.map((row) => row[copy.other]),
    { ...page, compare: copy.compareOther },
  );
  const pairs = keys.map((other) => ({ id: other, claims: copy.held(copy.pairOf(id, other)) }));
  return { outcome: 'found', entity, pairs, more };
}

export function listByOther<Entity>(
  copy: MemoryCopy<Entity>,
  { id, ...page }: Item<'listByOther'>,
): Outcome<Entity, 'listByOther'> {
  const owns = heldRows(copy).filter((row) => row[copy.other] === id && copy.entities.has(row[copy.own]));
  const { keys, more } = pageOf(
    owns.map((row) => row[copy.own]),
    { ...page, compare: copy.compareOwn },
  );
  const pairs = keys.flatMap((own) => {
    const entity = copy.entities.get(own);
    return entity ? [{ id: own, entity, claims: copy.held(copy.pairOf(own, id)) }] : [];
  });
  return { outcome: 'found', pairs, more };
}

const heldRows = (copy: MemoryCopy<unknown>): Claim[] => [...copy.claims.values()].filter(({ retired }) => !retired);

/** Gives the first keys after a cursor, each once and in order. */
export function pageOf(
  keys: Iterable<string>,
  { after, limit, compare }: { after: string | null; limit: number; compare: (a: string, b: string) => number },
): { keys: string[]; more: boolean } {
  const rest = [...new Set(keys)].filter((key) => after === null || compare(key, after) > 0).sort(compare);
  return { keys: rest.slice(0, limit), more: rest.length > limit };
}
