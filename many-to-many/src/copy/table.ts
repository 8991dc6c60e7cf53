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
  /**
   * A column of type timestamptz that marks a row as deleted, if entities may have more pairs than one statement can
   * delete. A row in which it is not null does not exist for any client. The purge deletes its claims in small pieces,
   * and then the row. Never set it to null again.
   */
  readonly deletedAt?: string;
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
  /** SQL: the entities that exist. It needs an alias. */
  readonly entities: string;
  /** How entities are marked as deleted; null if they are not. */
  readonly marks: Marks | null;
  /** Returns SQL for an entity's JSON, from a row with this alias. */
  readonly json: (alias: string) => string;
  /** SQL: the inherited columns, each after a comma. */
  readonly inherited: string;
  /** SQL: the fields of a pair, as arguments of `json_build_object`. */
  readonly pair: string;
}

/** The SQL names of what marks entities as deleted. */
export interface Marks {
  /** The table that also has the marked entities. */
  readonly table: string;
  /** The column that marks them. */
  readonly deletedAt: string;
  /** The table with the ids of the entities that were marked, and are purged. */
  readonly purged: string;
}

/** Makes the SQL names of a side's copy, such as table `enrolment` and columns `course_id` and `student_id`. */
export function copyTable(side: Side<unknown>, { table, json, inherited = {}, deletedAt }: EntityTable): CopyTable {
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
    entities: deletedAt === undefined ? table : `(SELECT * FROM ${table} WHERE ${deletedAt} IS NULL)`,
    marks: deletedAt === undefined ? null : { table, deletedAt, purged: `${side.relation}_deleted` },
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
