import type { Knex } from 'knex';

export function up(knex: Knex) {
  return knex.raw(`
    CREATE TABLE conferences (
      id uuid PRIMARY KEY,
      acronym text NOT NULL CONSTRAINT conferences_acronym_check CHECK (char_length(acronym) BETWEEN 1 AND 255),
      created_at timestamptz(3) NOT NULL DEFAULT now()
    )
  `);
}

export function down(knex: Knex) {
  return knex.raw('DROP TABLE conferences');
}
