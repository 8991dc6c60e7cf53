import type { Conference } from '@attendance/common/contract/entities';
import { violates } from '@attendance/common/database/constraints';
import { timestampJson } from '@attendance/common/database/json';
import { run, sql } from '@attendance/common/database/sql';
import type { Knex } from 'knex';
import type { Query } from 'many-to-many/copy';
import { v7 } from 'uuid';

/** SQL: a conference as the contract has it, in JSON, of a row of conferences with this alias. */
export function conferenceJson(alias: string): string {
  return `
    json_build_object(
      'id', ${alias}.id,
      'acronym', ${alias}.acronym,
      'created_at', ${timestampJson(`${alias}.created_at`)}
    )`;
}

/** Reads and writes the conferences table. */
export function createConferenceStore(query: Query) {
  const conference = sql.raw(`${conferenceJson('conferences')} AS conference`);
  const read = async (builder: Knex.QueryBuilder) =>
    (await run<{ conference: Conference }>(query, builder)).map((row) => row.conference);

  return {
    async create({ acronym }: { acronym: string }): Promise<Conference> {
      const [created] = await read(sql('conferences').insert({ id: v7(), acronym }).returning(conference));
      return created as Conference;
    },

    async get(id: string): Promise<Conference | undefined> {
      const [found] = await read(sql('conferences').select(conference).where({ id }));
      return found;
    },

    /** Lists at most `limit` conferences, in the order of ids. */
    async list({ after, limit }: { after: string | null; limit: number }): Promise<Conference[]> {
      const page = sql('conferences').select(conference).orderBy('id').limit(limit);
      return read(after === null ? page : page.where('id', '>', after));
    },

    async delete(id: string): Promise<'deleted' | 'unknown' | 'has_events'> {
      try {
        const deleted = await run(query, sql('conferences').where({ id }).delete().returning('id'));
        return deleted.length > 0 ? 'deleted' : 'unknown';
      } catch (error) {
        if (violates(error, 'events_conference_id_fkey')) return 'has_events';
        throw error;
      }
    },
  };
}
