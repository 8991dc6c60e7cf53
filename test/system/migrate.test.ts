import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createTestDatabases, type TestDatabases } from '../support/postgres.ts';

const main = fileURLToPath(new URL('../../services/author/dist/migrate.js', import.meta.url));

describe('migrate.js', () => {
  let databases: TestDatabases;
  before(async () => {
    databases = await createTestDatabases();
  });
  after(() => databases.drop());

  const migrate = (more: Record<string, string> = {}) => {
    const { host, port, database, user, password } = databases.author.migrationRole;
    const env = {
      PATH: process.env.PATH,
      ...{ DATABASE_HOST: host, DATABASE_PORT: String(port), DATABASE_NAME: database },
      ...{ DATABASE_USER: user, DATABASE_PASSWORD: password ?? '', ...more },
    };
    return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [main], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    });
  };

  it('exits with 0 if the database is up to date', async () => {
    const { code, stdout } = await migrate();
    expect(code).to.equal(0);
    expect(stdout).to.include('up to date');
  });

  const failures: [fault: string, environment: Record<string, string>, messages: string[]][] = [
    ['a wrong password', { DATABASE_PASSWORD: 'wrong' }, ['password authentication failed', 'DATABASE_PASSWORD']],
    ['an unknown database', { DATABASE_NAME: 'nothing' }, ['"nothing"', 'DATABASE_NAME']],
    ['a closed port', { DATABASE_PORT: '1' }, ['ECONNREFUSED', 'DATABASE_PORT']],
    ['an unknown host', { DATABASE_HOST: 'nowhere.invalid' }, ['nowhere.invalid', 'DATABASE_HOST']],
    ['an empty database name', { DATABASE_NAME: '' }, ['DATABASE_NAME: is not set']],
  ];
  for (const [fault, environment, messages] of failures)
    it(`exits with 1 and one message for ${fault}`, async () => {
      const { code, stderr } = await migrate(environment);
      expect(code).to.equal(1);
      for (const text of messages) expect(stderr).to.include(text);
      expect(stderr).to.not.match(/^ +at /m);
    });
});
