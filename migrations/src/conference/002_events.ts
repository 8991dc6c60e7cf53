import type { Knex } from 'knex';

export function up(knex: Knex) {
  // the unique index also serves lists of events and the foreign key
  return knex.raw(`
    CREATE TABLE events (
      id uuid PRIMARY KEY,
      conference_id uuid NOT NULL CONSTRAINT events_conference_id_fkey REFERENCES conferences ON DELETE RESTRICT,
      seq integer NOT NULL CONSTRAINT events_seq_check CHECK (seq >= 1),
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      CONSTRAINT events_conference_id_seq_key UNIQUE (conference_id, seq)
    )
  `);
}

export function down(knex: Knex) {
  return knex.raw('DROP TABLE events');
}
