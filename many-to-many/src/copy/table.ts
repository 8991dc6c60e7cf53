import { ids } from '../ids.ts';
import type { Side } from '../relation.ts';

/** The table of the entities that the copy's claims refer to. */
export interface EntityTable {
  /** Its name. Its primary key is `id`. */
  readonly table: string;
  /** SQL: the JSON of an entity, as the relation's schema has it, of a row with this alias; the whole row unless given. */
  readonly json?: (alias: string) => string;
  /** Columns that claims take over from their entity, with their SQL types. They never change. */
  readonly inherited?: Readonly<Record<string, string>>;
}

/** The SQL names and types of one copy. */
export interface CopyTable {
  /** The table of the claims: claim_id, own id, other id, retired, and what is inherited. */
  readonly claims: string;
  /** The table of one row that says which database this is. */
  readonly identity: string;
  /** The columns of the own and the other id. */
  readonly own: string;
  readonly other: string;
  readonly ownId: (typeof ids)['uuid'];
  readonly otherId: (typeof ids)['uuid'];
  readonly entities: string;
  readonly json: (alias: string) => string;
  /** SQL: the inherited columns, each after a comma. */
  readonly inherited: string;
  /** SQL: the fields of a pair, for `json_build_object`, of a row with these columns. */
  readonly pair: string;
}

/** Derives the names in SQL from those of the relation: table `enrolment`, columns `course_id` and `student_id`. */
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
    // text, since a JSON number cannot hold every bigint
    pair: `'left', ${left}::text, 'right', ${right}::text`,
  };
}

/** SQL: the claims of a pair that are not retired, in order, as an array. */
export function claimsOf({ claims, own, other }: CopyTable, pair: { own: string; other: string }): string {
  return `
    ARRAY(
      SELECT a.claim_id FROM ${claims} a
      WHERE a.${own} = ${pair.own} AND a.${other} = ${pair.other} AND NOT a.retired
      ORDER BY a.claim_id
    )`;
}
