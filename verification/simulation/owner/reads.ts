import type {
  ListByForeignItem,
  ListByForeignOutcome,
  ListByOwnedItem,
  ListByOwnedOutcome,
  ReadPairItem,
  ReadPairOutcome,
} from '@attendance/common/contract/claims';
import type { MemoryCopy } from './copy.ts';

export function readPair<E extends { id: string }>(copy: MemoryCopy<E>, item: ReadPairItem): ReadPairOutcome<E> {
  const entity = copy.entities.get(item[copy.owned]);
  if (!entity) return { outcome: 'unknown_owner' };
  return { outcome: 'found', entity, claims: copy.held(item[copy.owned], item[copy.foreign]) };
}

export function listByOwned<E extends { id: string }>(
  copy: MemoryCopy<E>,
  { owned_id, after, limit }: ListByOwnedItem,
): ListByOwnedOutcome<E> {
  const entity = copy.entities.get(owned_id);
  if (!entity) return { outcome: 'unknown_owner' };
  const { keys, more } = pageOf(
    [...copy.claims.values()].filter(({ retired, owned }) => !retired && owned === owned_id).map((row) => row.foreign),
    { after, limit },
  );
  return { outcome: 'found', entity, pairs: keys.map((id) => ({ id, claims: copy.held(owned_id, id) })), more };
}

export function listByForeign<E extends { id: string }>(
  copy: MemoryCopy<E>,
  { foreign_id, after, limit }: ListByForeignItem,
): ListByForeignOutcome<E> {
  const { keys, more } = pageOf(
    [...copy.claims.values()]
      .filter(({ retired, foreign }) => !retired && foreign === foreign_id)
      .map((row) => row.owned),
    { after, limit },
  );
  const pairs = keys.flatMap((id) => {
    const entity = copy.entities.get(id);
    return entity ? [{ id, entity, claims: copy.held(id, foreign_id) }] : [];
  });
  return { outcome: 'found', pairs, more };
}

/** The first keys after a cursor, each once and in order. */
export function pageOf(
  keys: Iterable<string>,
  { after, limit }: { after: string | null; limit: number },
): { keys: string[]; more: boolean } {
  const rest = [...new Set(keys)].filter((key) => after === null || key > after).sort();
  return { keys: rest.slice(0, limit), more: rest.length > limit };
}
