import type { SideName } from '../../relation.ts';
import type { World } from './world.ts';

export interface EntityName {
  side: SideName;
  id: string;
}

/** Remembers since when entities are deleted, and adds to `faults` if an answer knows better. */
export function createEntityWatch(world: World, faults: Set<string>) {
  const deletedAt = new Map<string, number>();
  const keyOf = ({ side, id }: EntityName) => `${side} ${id}`;
  const exists = ({ side, id }: EntityName) => world[side].copy.entities.has(id);

  function deleted(at: number): void {
    for (const side of ['left', 'right'] as const)
      for (const id of world.ids[side]) {
        const key = keyOf({ side, id });
        if (!exists({ side, id }) && !deletedAt.has(key)) deletedAt.set(key, at);
      }
  }
  deleted(0);

  return {
    /** Called when entities have been deleted, or never existed. */
    deleted,

    named(start: number, entity: EntityName) {
      const existed = exists(entity) || (deletedAt.get(keyOf(entity)) ?? -1) >= start;
      if (!existed) faults.add(`an answer names ${entity.id}, which does not exist`);
    },

    missing(entity: EntityName) {
      if (exists(entity)) faults.add(`an answer says that ${entity.id} does not exist`);
    },
  };
}
