import { withClient } from '@attendance/common/database/client';
import { migrate, type Migrations } from '@attendance/common/database/migrate';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { expect } from 'chai';
import { createTestDatabase, dropTestDatabase, type TestDatabase } from '../support/postgres.ts';

const none: Migrations = {};

for (const [kind, migrations] of Object.entries({ author: authorMigrations, conference: conferenceMigrations }))
  describe(`migrations of the ${kind} database`, () => {
    const names = Object.keys(migrations);
    let database: TestDatabase;

    beforeEach(async () => {
      database = await createTestDatabase(kind, none);
    });
    afterEach(() => dropTestDatabase(database));

    const run = (direction: 'up' | 'down', list = migrations) => migrate(database.migrationRole, list, { direction });
    /** Describes the columns, indexes and constraints of the schema public. */
    const readSchema = () =>
      withClient(database.migrationRole, async (client) => {
        const { rows } = await client.query<{ line: string }>(`
          SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
          FROM information_schema.columns WHERE table_schema = 'public'
          UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
          UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
          WHERE connamespace = 'public'::regnamespace
          ORDER BY line`);
        return rows.map(({ line }) => line);
      });

    it('go up, down to an empty schema, and up to the same schema', async () => {
      expect(await run('up')).to.deep.equal(names);
      const first = await readSchema();
      expect(first).to.not.be.empty;
      expect(await run('up')).to.deep.equal([]);
      expect(await run('down')).to.deep.equal([...names].reverse());
      expect(await readSchema()).to.deep.equal([]);
      expect(await run('down')).to.deep.equal([]);
      expect(await run('up')).to.deep.equal(names);
      expect(await readSchema()).to.deep.equal(first);
    });

    it('run once if four start at the same time', async () => {
      const runs = await Promise.all([run('up'), run('up'), run('up'), run('up')]);
      expect(runs.map(({ length }) => length).sort()).to.deep.equal([0, 0, 0, names.length]);
    });

    it('change nothing if one of them fails, and run after it is repaired', async () => {
      const broken = {
        ...migrations,
        '999_broken': { up: () => Promise.reject(new Error('broken')), down: () => Promise.resolve() },
      };
      const failed = await run('up', broken).then(
        () => false,
        () => true,
      );
      expect(failed).to.equal(true);
      expect(await readSchema()).to.deep.equal([]);
      expect(await run('up')).to.deep.equal(names);
    });

    it('are not blocked by the lock of a dead process', async () => {
      await run('up');
      await withClient(database.migrationRole, (client) =>
        client.query('UPDATE migration.knex_migrations_lock SET is_locked = 1'),
      );
      expect(await run('down')).to.deep.equal([...names].reverse());
    });

    it('have names without a file extension, so that .ts and .js files are the same migration', () => {
      for (const name of names) expect(name).to.match(/^\d{3}_[a-z_]+$/);
    });
  });
