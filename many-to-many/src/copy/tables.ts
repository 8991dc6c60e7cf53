import type { Side } from '../relation.ts';
import { copyTable, type EntityTable, type Marks } from './table.ts';

/**
 * Returns the SQL that creates a copy: the table of claims with its indexes, and the identity of the database. Run its
 * statements in one transaction. Copy the SQL into your migration and do not call this function there, because a
 * migration must never change.
 *
 * The other side's entities are in another database, so the other id has no foreign key. The only time of a claim is the
 * one in its id.
 */
export function createTables(side: Side<unknown>, entities: EntityTable): string {
  const { claims, identity, own, other, ownId, otherId, marks } = copyTable(side, entities);
  const inherited = Object.entries(entities.inherited ?? {}).map(([column, type]) => `${column} ${type} NOT NULL,`);
  return `
    CREATE TABLE ${claims} (
      claim_id uuid,
      ${own} ${ownId.column} NOT NULL
        CONSTRAINT ${claims}_${own}_fkey REFERENCES ${entities.table} (id) ON DELETE CASCADE,
      ${other} ${otherId.column} NOT NULL,
      ${inherited.join('\n      ')}
      retired boolean NOT NULL DEFAULT false,
      -- includes retired, so that digests read nothing but this index
      PRIMARY KEY (claim_id) INCLUDE (retired)
    );
    -- reads: a pair; the pairs of an own entity, in the order of the other ids
    CREATE INDEX ${claims}_by_${side.name} ON ${claims} (${own}, ${other}, claim_id) WHERE NOT retired;
    -- reads: the pairs of an entity of the other side, in the order of the own ids
    CREATE INDEX ${claims}_by_${side.other.name} ON ${claims} (${other}, ${own}, claim_id) WHERE NOT retired;
    -- the cascade: it looks up the own id only, and cannot use an index that leaves rows out
    CREATE INDEX ${claims}_${own} ON ${claims} (${own});
    -- the purge of tombstones, oldest first: with the primary key it would read all claims
    CREATE INDEX ${claims}_retired ON ${claims} (claim_id) WHERE retired;

    -- The identity of this database, and that of its peer, which is null before the two are introduced. So the
    -- reconciler never mistakes an empty or a wrong database for the other copy.
    CREATE TABLE ${identity} (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      database uuid NOT NULL DEFAULT gen_random_uuid(),
      peer uuid
    );
    INSERT INTO ${identity} DEFAULT VALUES;
    ${marks ? createMarks(marks, { own, column: ownId.column }) : ''}`;
}

function createMarks({ table, deletedAt, purged }: Marks, { own, column }: { own: string; column: string }): string {
  return `
    -- the purge of marked entities
    CREATE INDEX ${table}_${deletedAt} ON ${table} (id) WHERE ${deletedAt} IS NOT NULL;
    -- The ids of purged entities. So the reconciler knows that claims are missing on purpose, and not because the
    -- database lost them.
    CREATE TABLE ${purged} (${own} ${column} PRIMARY KEY);`;
}

/** Returns the SQL that drops the tables of `createTables`. */
export function dropTables(side: Side<unknown>): string {
  return `
    DROP TABLE ${side.relation};
    DROP TABLE ${side.relation}_identity;
    DROP TABLE IF EXISTS ${side.relation}_deleted;`;
}
