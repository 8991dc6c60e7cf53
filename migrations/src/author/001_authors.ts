import type { Knex } from 'knex';

export function up(knex: Knex) {
  return knex.raw(`
    CREATE TABLE authors (
      id uuid PRIMARY KEY,
      full_name text NOT NULL CONSTRAINT authors_full_name_check CHECK (char_length(full_name) BETWEEN 1 AND 1024),
      created_at timestamptz(3) NOT NULL DEFAULT now()
    )
  `);
}

export function down(knex: Knex) {
  return knex.raw('DROP TABLE authors');
}
