import { z } from 'zod';
import { createRelation, type ComposedRelation, type RelationOptions } from '../../createRelation.ts';
import type { Relation, Side, SideName } from '../../relation.ts';
import { remoteCopy, type Call } from '../../remote.ts';
import type { MemoryCopy, Statement } from '../memory/memoryCopy.ts';
import type { ClientList, Named, SimulatedRelation } from './clientList.ts';
import { relationLists } from './relationLists.ts';

/** Begins a statement of a batch of items. */
export type Begin = (items: never) => Statement<{ outcome: string }>;

/** What a system has built on one side of its relation. */
export interface SideExtension<Entity> {
  /** Creates an entity with this id. */
  createEntity: (id: string) => Entity & Named;
  /** What the owner service adds to the operations of its copy, in memory. */
  statements: (copy: MemoryCopy<Entity>) => Record<string, Begin>;
}

/** What a system has built on its relation. */
export interface Extension<Left, Right, Composed extends ComposedRelation<Left, Right>> {
  left: SideExtension<Left>;
  right: SideExtension<Right>;
  /** Composes the relation over the network, as the gateway does. */
  compose: (calls: Record<SideName, Call>, options: RelationOptions) => Composed;
  /** Lists besides those of the relation, by name. */
  lists: Record<string, ClientList<Composed>>;
}

/** What is simulated. */
export interface System extends Extension<Named, Named, SimulatedRelation> {
  relation: Relation<Named, Named>;
}

/** The relation alone, unless it is extended. Then it is simulated with stand-ins for entities, of ids alone. */
export function systemOf<Left, Right, Composed extends ComposedRelation<Left, Right>>(
  relation: Relation<Left, Right>,
  extension?: Extension<Left, Right, Composed>,
): System {
  if (extension) {
    const extended = { relation, ...extension, lists: { ...relationLists, ...extension.lists } };
    return extended as unknown as System;
  }
  const system = plainSystems.get(relation) ?? plainSystem(relation);
  plainSystems.set(relation, system);
  return system;
}

/** One for each relation, so that its schemas are built once. */
const plainSystems = new WeakMap<Relation<unknown, unknown>, System>();

function plainSystem(relation: Relation<unknown, unknown>): System {
  const standIns = { ...relation, left: standIn(relation.left), right: standIn(relation.right) };
  const plain = { createEntity: (id: string) => ({ id }), statements: () => ({}) };
  return {
    relation: standIns,
    left: plain,
    right: plain,
    compose: (calls, options) =>
      createRelation(
        standIns,
        { left: remoteCopy(standIns.left, calls.left), right: remoteCopy(standIns.right, calls.right) },
        options,
      ),
    lists: relationLists,
  };
}

const standIn = (side: Side<unknown>): Side<Named> => ({ ...side, entity: z.object({ id: z.string() }) });
