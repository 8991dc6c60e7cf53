import { withClient } from '@attendance/common/database/client';
import type pg from 'pg';
import type { TestDatabases } from '../test/support/postgres.ts';
import { uuidv7Sql } from '../test/support/uuidSql.ts';

const events = 100;

/** SQL of a UUIDv7 that is `msAgo` milliseconds older than the parameter $1. */
const id = (msAgo: string, text: string) => uuidv7Sql(`$1::bigint - ${msAgo}`, text);

const authorId = id('(400000000 - a)', `'author' || a`);
const eventId = id('(400000000 - e)', `'event' || e`);
/** Claims are made every 500 ms, and all are older than the grace period. */
const claimId = (n: string) => id(`(600000 + ${n}::bigint * 500)`, `'claim' || ${n}`);

/** Inserts the same claims into both copies: every author attends every event. */
export async function fill({ author, conference }: TestDatabases, claims: number): Promise<void> {
  const now = Date.now();
  const authors = Math.ceil(claims / events);
  const pairs = `generate_series(1, ${authors}) AS a CROSS JOIN generate_series(1, ${events}) AS e`;
  const rows = `SELECT ${claimId(`((a - 1) * ${events} + e)`)} AS claim_id, ${authorId} AS author_id, ${eventId} AS event_id FROM ${pairs}`;
  await withClient(author.migrationRole, async (client) => {
    await client.query(
      `INSERT INTO authors (id, full_name) SELECT ${authorId}, 'Ada' FROM generate_series(1, ${authors}) AS a`,
      [now],
    );
    await withoutIndexes(client, () =>
      client.query(`INSERT INTO attendance (claim_id, author_id, event_id) ${rows}`, [now]),
    );
  });
  await withClient(conference.migrationRole, async (client) => {
    const { rows: made } = await client.query<{ id: string }>(
      "INSERT INTO conferences (id, acronym) VALUES (gen_random_uuid(), 'SWAT') RETURNING id",
    );
    await client.query(
      `INSERT INTO events (id, conference_id, seq) SELECT ${eventId}, $2, e FROM generate_series(1, ${events}) AS e`,
      [now, made[0]?.id],
    );
    await withoutIndexes(client, () =>
      client.query(
        `INSERT INTO attendance (claim_id, author_id, event_id, conference_id)
         SELECT claim_id, author_id, event_id, $2 FROM (${rows}) pair`,
        [now, made[0]?.id],
      ),
    );
  });
}

/** Deletes random claims from the author service's copy. */
export async function deleteClaims({ author }: TestDatabases, count: number): Promise<void> {
  await withClient(author.migrationRole, (client) =>
    client.query(
      'DELETE FROM attendance WHERE claim_id IN (SELECT claim_id FROM attendance ORDER BY random() LIMIT $1)',
      [count],
    ),
  );
}

/** Drops the indexes of attendance while `work` runs: inserting many rows is much faster without them. */
async function withoutIndexes(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  const { rows: constraints } = await client.query<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = 'attendance'::regclass AND contype IN ('p', 'f') ORDER BY contype DESC`,
  );
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'attendance' AND indexname <> 'attendance_pkey'`,
  );
  for (const { name } of constraints) await client.query(`ALTER TABLE attendance DROP CONSTRAINT ${name}`);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await work();
  for (const { name, definition } of constraints)
    await client.query(`ALTER TABLE attendance ADD CONSTRAINT ${name} ${definition}`);
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM ANALYZE attendance');
}
