import { attendance } from '@attendance/common/contract/relation';
import type { Knex } from 'knex';
import { createTables, dropTables } from 'many-to-many/copy';

/** The author service's copy of the relation. */
export function up(knex: Knex) {
  return knex.raw(createTables(attendance.right, { table: 'authors' }));
}

export function down(knex: Knex) {
  return knex.raw(dropTables(attendance.right));
}
