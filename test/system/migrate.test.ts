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
    const { host, port, database, user, password } = databases.author.owner;
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

  it('exits 0 where there is nothing to do', async () => {
    const { code, stdout } = await migrate();
    expect(code).to.equal(0);
    expect(stdout).to.include('up to date');
  });

  const failures: [what: string, environment: Record<string, string>, says: string[]][] = [
    ['a wrong password', { DATABASE_PASSWORD: 'wrong' }, ['password authentication failed', 'DATABASE_PASSWORD']],
    ['no such database', { DATABASE_NAME: 'nothing' }, ['"nothing"', 'DATABASE_NAME']],
    ['no server', { DATABASE_PORT: '1' }, ['ECONNREFUSED', 'DATABASE_PORT']],
    ['no such host', { DATABASE_HOST: 'nowhere.invalid' }, ['nowhere.invalid', 'DATABASE_HOST']],
    ['no database named', { DATABASE_NAME: '' }, ['DATABASE_NAME: is not set']],
  ];
  for (const [what, environment, says] of failures)
    it(`${what}: one message that says what to look at, and exit code 1`, async () => {
      const { code, stderr } = await migrate(environment);
      expect(code).to.equal(1);
      for (const text of says) expect(stderr).to.include(text);
      expect(stderr).to.not.match(/^ +at /m);
    });
});
