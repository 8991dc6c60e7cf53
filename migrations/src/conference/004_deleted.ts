import type { Knex } from 'knex';

/**
 * A deleted event is marked, because one statement cannot delete millions of attendances. The purge deletes them in
 * pieces, and then the row. `events` becomes a view without the marked rows, so that no query can forget the mark: that
 * of an older version neither, which may run beside the new one.
 *
 * A marked event lets go of its conference, which may be deleted, and of its seq. So both columns must be in no unique
 * index that a foreign key could refer to: else the mark would wait for adds, which lock the event.
 */
export function up(knex: Knex) {
  return knex.raw(`
    ALTER TABLE events RENAME TO all_events;
    ALTER TABLE all_events
      ADD COLUMN deleted_at timestamptz,
      ALTER COLUMN conference_id DROP NOT NULL,
      ADD CONSTRAINT events_conference_id_check CHECK (conference_id IS NOT NULL OR deleted_at IS NOT NULL),
      DROP CONSTRAINT events_conference_id_seq_key;
    -- serves lists of events and the foreign key, too
    CREATE UNIQUE INDEX events_conference_id_seq_key ON all_events (conference_id, seq) WHERE deleted_at IS NULL;
    CREATE INDEX all_events_deleted_at ON all_events (id) WHERE deleted_at IS NOT NULL;
    CREATE VIEW events AS SELECT id, conference_id, seq, created_at FROM all_events WHERE deleted_at IS NULL;
    -- the ids of purged events: so the reconciler knows that their claims are missing on purpose
    CREATE TABLE attendance_deleted (event_id uuid PRIMARY KEY);
  `);
}

export function down(knex: Knex) {
  return knex.raw(`
    DROP TABLE attendance_deleted;
    DROP VIEW events;
    DELETE FROM all_events WHERE deleted_at IS NOT NULL;
    DROP INDEX events_conference_id_seq_key;
    ALTER TABLE all_events
      DROP CONSTRAINT events_conference_id_check,
      ALTER COLUMN conference_id SET NOT NULL,
      DROP COLUMN deleted_at,
      ADD CONSTRAINT events_conference_id_seq_key UNIQUE (conference_id, seq);
    ALTER TABLE all_events RENAME TO events;
  `);
}
