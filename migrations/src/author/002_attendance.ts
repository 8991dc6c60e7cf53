import type { Knex } from 'knex';

/*
 * The author service's copy of the relation. There is no table of events here that event_id could refer to, and a
 * claim has no other time than its id's, a UUIDv7.
 */
export async function up(knex: Knex) {
  await knex.raw(`
    CREATE TABLE attendance (
      claim_id uuid PRIMARY KEY,
      author_id uuid NOT NULL CONSTRAINT attendance_author_id_fkey REFERENCES authors ON DELETE CASCADE,
      event_id uuid NOT NULL,
      retired boolean NOT NULL DEFAULT false
    )
  `);
  // reads: a pair; an author's events in their order
  await knex.raw(`
    CREATE INDEX attendance_by_author ON attendance (author_id, event_id, claim_id) WHERE NOT retired
  `);
  // reads: an event's authors in their order
  await knex.raw(`
    CREATE INDEX attendance_by_event ON attendance (event_id, author_id, claim_id) WHERE NOT retired
  `);
  // the cascade: it asks by author alone, and could not use an index that leaves rows out
  await knex.raw('CREATE INDEX attendance_author_id ON attendance (author_id)');
  // the purge, oldest first; the primary key would lead it through all the claims that are held
  await knex.raw('CREATE INDEX attendance_retired ON attendance (claim_id) WHERE retired');
}

export function down(knex: Knex) {
  return knex.raw('DROP TABLE attendance');
}
