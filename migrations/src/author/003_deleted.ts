import type { Knex } from 'knex';

/**
 * A deleted author is marked, because one statement cannot delete millions of attendances. The purge deletes them in
 * pieces, and then the row. `authors` becomes a view without the marked rows, so that no query can forget the mark: that
 * of an older version neither, which may run beside the new one.
 */
export function up(knex: Knex) {
  return knex.raw(`
    ALTER TABLE authors RENAME TO all_authors;
    ALTER TABLE all_authors ADD COLUMN deleted_at timestamptz;
    CREATE INDEX all_authors_deleted_at ON all_authors (id) WHERE deleted_at IS NOT NULL;
    CREATE VIEW authors AS SELECT id, full_name, created_at FROM all_authors WHERE deleted_at IS NULL;
    -- the ids of purged authors: so the reconciler knows that their claims are missing on purpose
    CREATE TABLE attendance_deleted (author_id uuid PRIMARY KEY);
  `);
}

export function down(knex: Knex) {
  return knex.raw(`
    DROP TABLE attendance_deleted;
    DROP VIEW authors;
    DELETE FROM all_authors WHERE deleted_at IS NOT NULL;
    ALTER TABLE all_authors DROP COLUMN deleted_at;
    ALTER TABLE all_authors RENAME TO authors;
  `);
}
