import type { Knex } from 'knex';

/*
 * What the reconciler needs, the same in both databases: who the database is, and which one has the other copy of
 * attendance (null before the two were introduced), so that nobody takes an empty or a wrong database for the other
 * copy; and a primary key that knows what is retired, so that digests are read from it alone.
 */
export async function up(knex: Knex) {
  await knex.raw(`
    CREATE TABLE database_identity (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      database uuid NOT NULL DEFAULT gen_random_uuid(),
      peer uuid
    )
  `);
  await knex.raw('INSERT INTO database_identity DEFAULT VALUES');
  await replacePrimaryKey(knex, '(claim_id) INCLUDE (retired)');
}

export async function down(knex: Knex) {
  await replacePrimaryKey(knex, '(claim_id)');
  await knex.raw('DROP TABLE database_identity');
}

async function replacePrimaryKey(knex: Knex, columns: string) {
  await knex.raw(`
    ALTER TABLE attendance
      DROP CONSTRAINT attendance_pkey,
      ADD CONSTRAINT attendance_pkey PRIMARY KEY ${columns}
  `);
}
