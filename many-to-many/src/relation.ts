import type { z } from 'zod';
import type { IdKind } from './ids.ts';

/** The name of one of a relation's two sides. */
export type SideName = 'left' | 'right';

/** The definition of one side of a relation. */
export interface SideDefinition<Entity> {
  /** The name of an entity of this side, such as `course`. Both copies have a column of that name: `course_id`. */
  name: string;
  /** The kind of the side's ids; `uuid` unless given. */
  id?: IdKind;
  /** Validates the JSON of an entity in an owner service's answer. It leaves out fields that it does not know. */
  entity: z.ZodType<Entity>;
}

/** One side of a relation, with the names and the kind of ids of the other side. */
export interface Side<Entity> {
  /** The relation's name. The table of the copy has the same name. */
  readonly relation: string;
  readonly side: SideName;
  readonly name: string;
  readonly id: IdKind;
  readonly entity: z.ZodType<Entity>;
  readonly other: { readonly side: SideName; readonly name: string; readonly id: IdKind };
}

/** A many-to-many relation between left and right entities. */
export interface Relation<Left, Right> {
  readonly name: string;
  readonly left: Side<Left>;
  readonly right: Side<Right>;
}

/** A left id and a right id. */
export interface Pair {
  left: string;
  right: string;
}

const identifier = /^[a-z][a-z0-9_]{0,29}$/;

/**
 * Defines a many-to-many relation between two kinds of entities.
 *
 * @param definition names are SQL identifiers of at most 30 characters. The relation's name is the name of its table in
 *   both databases; the name of a side is part of the name of a column
 * @throws {Error} if a name is not such an identifier, or both sides have the same name
 */
export function defineRelation<Left, Right>({
  name,
  left,
  right,
}: {
  name: string;
  left: SideDefinition<Left>;
  right: SideDefinition<Right>;
}): Relation<Left, Right> {
  for (const text of [name, left.name, right.name])
    if (!identifier.test(text)) throw new Error(`relation: "${text}" must match ${identifier.source}`);
  if (left.name === right.name) throw new Error(`relation: both sides are called "${left.name}"`);
  const leftSide = { side: 'left', name: left.name, id: left.id ?? 'uuid' } as const;
  const rightSide = { side: 'right', name: right.name, id: right.id ?? 'uuid' } as const;
  return {
    name,
    left: { ...leftSide, relation: name, entity: left.entity, other: rightSide },
    right: { ...rightSide, relation: name, entity: right.entity, other: leftSide },
  };
}
