import { ids, type Id } from '../ids.ts';
import type { Side } from '../relation.ts';

/** The table of a side's entities, in the same database as its copy. */
export interface EntityTable {
  /** The table's name. Its primary key is the column `id`. */
  readonly table: string;
  /** Returns SQL for an entity's JSON, as the side's schema has it, from a row with this alias; by default, the row. */
  readonly json?: (alias: string) => string;
  /** Columns that claims copy from their entity, with their SQL types. Their values must never change. */
  readonly inherited?: Readonly<Record<string, string>>;
}

/** The SQL names and types of one copy. */
export interface CopyTable {
  /** The table of the claims: claim_id, own id, other id, retired, and the inherited columns. */
  readonly claims: string;
  /** The table of one row with the identities of the database and its peer. */
  readonly identity: string;
  /** The column of the own id. */
  readonly own: string;
  /** The column of the other id. */
  readonly other: string;
  /** The kind of the own id. */
  readonly ownId: Id;
  /** The kind of the other id. */
  readonly otherId: Id;
  /** The table of the entities. */
  readonly entities: string;
  /** Returns SQL for an entity's JSON, from a row with this alias. */
  readonly json: (alias: string) => string;
  /** SQL: the inherited columns, each after a comma. */
  readonly inherited: string;
  /** SQL: the fields of a pair, as arguments of `json_build_object`. */
  readonly pair: string;
}

/** Makes the SQL names of a side's copy, such as table `enrolment` and columns `course_id` and `student_id`. */
export function copyTable(side: Side<unknown>, { table, json, inherited = {} }: EntityTable): CopyTable {
  const own = `${side.name}_id`;
  const other = `${side.other.name}_id`;
  const [left, right] = side.side === 'left' ? [own, other] : [other, own];
  return {
    claims: side.relation,
    identity: `${side.relation}_identity`,
    own,
    other,
    ownId: ids[side.id],
    otherId: ids[side.other.id],
    entities: table,
    json: json ?? ((alias) => `row_to_json(${alias})`),
    inherited: Object.keys(inherited)
      .map((column) => `, ${column}`)
      .join(''),
    // text, because a JSON number cannot hold every bigint
    pair: `'left', ${left}::text, 'right', ${right}::text`,
  };
}

/** Returns SQL for an array of the claims of a pair, without retired ones, in order. */
export function claimsOf({ claims, own, other }: CopyTable, pair: { own: string; other: string }): string {
  return `
    ARRAY(
      SELECT a.claim_id FROM ${claims} a
      WHERE a.${own} = ${pair.own} AND a.${other} = ${pair.other} AND NOT a.retired
      ORDER BY a.claim_id
    )`;
}
