import type { Knex } from 'knex';
import { execute, type Statement } from '../database/execute.ts';

/**
 * What tells one owner's copy of attendance from the other's. Its table `attendance` has the columns claim_id, the
 * owned entity's id, the foreign entity's id and retired.
 */
export interface Copy<E> {
  /** The table of the entities that are owned. */
  readonly entities: string;
  readonly owned: 'author_id' | 'event_id';
  readonly foreign: 'author_id' | 'event_id';
  /** Columns that attendance takes over from the owned entity. */
  readonly inherited: readonly string[];
  /** An SQL expression: the owned entity, as the contract has it, in JSON; its row has the given alias. */
  readonly entity: (alias: string) => string;
  /** Never there; what `entity` gives, for the types of outcomes. */
  readonly gives?: E;
}

/** Runs a statement that answers each item with one row, in their order, whose `outcome` is JSON. */
export async function outcomes<Outcome>(database: Knex, statement: Statement): Promise<Outcome[]> {
  const rows = await execute<{ outcome: Outcome }>(database, statement);
  return rows.map((row) => row.outcome);
}

/** SQL: the claims of a pair that are not retired, in order, as an array. */
export function claimsOf({ owned, foreign }: Copy<unknown>, pair: { owned: string; foreign: string }): string {
  return `
    ARRAY(
      SELECT a.claim_id FROM attendance a
      WHERE a.${owned} = ${pair.owned} AND a.${foreign} = ${pair.foreign} AND NOT a.retired
      ORDER BY a.claim_id
    )`;
}
