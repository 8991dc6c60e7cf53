import type { Conference } from '@attendance/common/contract/entities';
import { execute } from '@attendance/common/database/execute';
import { violates } from '@attendance/common/database/failures';
import { timestampJson } from '@attendance/common/database/json';
import type { Knex } from 'knex';
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

/** The conferences table, as the contract sees it. */
export function createConferenceStore(database: Knex) {
  const conference = database.raw(`${conferenceJson('conferences')} AS conference`);
  const run = async (query: Knex.QueryBuilder) =>
    (await execute<{ conference: Conference }>(database, query)).map((row) => row.conference);

  return {
    async create({ acronym }: { acronym: string }): Promise<Conference> {
      const [created] = await run(database('conferences').insert({ id: v7(), acronym }).returning(conference));
      return created as Conference;
    },

    async get(id: string): Promise<Conference | undefined> {
      const [found] = await run(database('conferences').select(conference).where({ id }));
      return found;
    },

    /** In the order of ids; at most `limit`. */
    async list({ after, limit }: { after: string | null; limit: number }): Promise<Conference[]> {
      const query = database('conferences').select(conference).orderBy('id').limit(limit);
      return run(after === null ? query : query.where('id', '>', after));
    },

    async delete(id: string): Promise<'deleted' | 'unknown' | 'has_events'> {
      try {
        const deleted = await execute(database, database('conferences').where({ id }).delete().returning('id'));
        return deleted.length > 0 ? 'deleted' : 'unknown';
      } catch (error) {
        if (violates(error, 'events_conference_id_fkey')) return 'has_events';
        throw error;
      }
    },
  };
}
