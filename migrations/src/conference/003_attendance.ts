import { attendance } from '@attendance/common/contract/relation';
import type { Knex } from 'knex';
import { createTables, dropTables } from 'many-to-many/copy';

/** The conference service's copy of the relation. A claim copies the conference of its event, which never changes. */
export async function up(knex: Knex) {
  await knex.raw(createTables(attendance.left, { table: 'events', inherited: { conference_id: 'uuid' } }));
  // for lists by conference: the authors of a conference in order
  await knex.raw(`
    CREATE INDEX attendance_by_conference ON attendance (conference_id, author_id, event_id, claim_id)
      WHERE NOT retired
  `);
}

export function down(knex: Knex) {
  return knex.raw(dropTables(attendance.left));
}
