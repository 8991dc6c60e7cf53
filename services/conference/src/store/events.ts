import type { Event } from '@attendance/common/contract/entities';
import { violates } from '@attendance/common/database/constraints';
import { timestampJson } from '@attendance/common/database/json';
import { run, sql } from '@attendance/common/database/sql';
import type { Knex } from 'knex';
import type { Query } from 'many-to-many/copy';
import { v7 } from 'uuid';
import { conferenceJson } from './conferences.ts';

/** SQL: an event with its conference as the contract has it, in JSON, of a row of events with this alias. */
export function eventJson(alias: string): string {
  return `
    json_build_object(
      'id', ${alias}.id,
      'conference', (SELECT ${conferenceJson('c')} FROM conferences c WHERE c.id = ${alias}.conference_id),
      'seq', ${alias}.seq,
      'created_at', ${timestampJson(`${alias}.created_at`)}
    )`;
}

/** Reads and writes events. `events` is the view of those that exist, `all_events` the table with the marked ones. */
export function createEventStore(query: Query) {
  const event = sql.raw(`${eventJson('events')} AS event`);
  const read = async (builder: Knex.QueryBuilder) =>
    (await run<{ event: Event }>(query, builder)).map((row) => row.event);

  return {
    async create(fields: { conference_id: string; seq: number }): Promise<Event | 'unknown_conference' | 'seq_taken'> {
      try {
        const [created] = await read(
          sql('events')
            .insert({ id: v7(), ...fields })
            .returning(event),
        );
        return created as Event;
      } catch (error) {
        if (violates(error, 'events_conference_id_fkey')) return 'unknown_conference';
        if (violates(error, 'events_conference_id_seq_key')) return 'seq_taken';
        throw error;
      }
    },

    async get(id: string): Promise<Event | undefined> {
      const [found] = await read(sql('events').select(event).where({ id }));
      return found;
    },

    /** Lists at most `limit` events of a conference, in the order of seq. */
    list({ conference_id, after, limit }: { conference_id: string; after: number | null; limit: number }) {
      const page = sql('events').select(event).where({ conference_id }).orderBy('seq').limit(limit);
      return read(after === null ? page : page.where('seq', '>', after));
    },

    /**
     * Marks an event as deleted, and frees its conference and its seq. The purge deletes its claims, and then the row.
     * @returns whether there was such an event
     */
    async delete(id: string): Promise<boolean> {
      const mark = { deleted_at: sql.fn.now(), conference_id: null };
      const marked = await run(query, sql('all_events').where({ id, deleted_at: null }).update(mark, 'id'));
      return marked.length > 0;
    },
  };
}
