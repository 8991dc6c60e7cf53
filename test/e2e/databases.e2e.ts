import { expect } from 'chai';
import { psql, secret, serversOf } from './support/cluster.ts';
import { attempt, kubectl, run } from './support/command.ts';

const databases = ['author', 'conference'] as const;
/** The suffixes of the migration role and the service role. */
const uses = ['owner', 'service'] as const;

/** Runs a statement over the network, as one of the four roles. */
async function as(role: string, database: string, statement: string) {
  const [kind, use] = role.split('_') as [string, string];
  const password = await secret(`${kind}-database`, `${use}-password`);
  const args = ['--host=127.0.0.1', `--username=${role}`, `--dbname=${database}`, `--command=${statement}`];
  return attempt('kubectl', [
    'exec',
    'postgres-0',
    '--',
    'env',
    `PGPASSWORD=${password}`,
    'psql',
    '--no-psqlrc',
    ...args,
  ]);
}

describe('the two logical databases of one pod', () => {
  for (const database of databases)
    for (const kind of databases)
      for (const use of uses) {
        const role = `${kind}_${use}`;
        const may = kind === database;
        it(`${may ? 'let' : 'do not let'} ${role} into ${database}`, async () => {
          const { code, stderr } = await as(role, database, 'SELECT 1');
          expect(code === 0).to.equal(may);
          if (!may) expect(stderr).to.include('permission denied for database');
        });
      }

  for (const database of databases)
    it(`give ${database}_service rows to read and write, and nothing else`, async () => {
      const role = `${database}_service`;
      expect((await as(role, database, 'DELETE FROM attendance WHERE false')).code).to.equal(0);
      for (const [statement, fault] of [
        ['CREATE TABLE mine (id integer)', 'permission denied for schema public'],
        ['TRUNCATE attendance', 'permission denied for table attendance'],
        ['DROP TABLE attendance', 'must be owner of table attendance'],
        ['SELECT * FROM migration.knex_migrations', 'permission denied for schema migration'],
        ['CREATE TEMPORARY TABLE mine (id integer)', 'permission denied to create temporary tables'],
      ] as const)
        expect((await as(role, database, statement)).stderr, statement).to.include(fault);
    });

  it('are set up again on an existing volume, while the server keeps running', async () => {
    const [server] = await serversOf('postgres');
    await psql('author', 'REVOKE CONNECT ON DATABASE author FROM author_service');
    await run('skaffold', ['run', '-p', 'ci,monitoring', '--kube-context', process.env.KUBE_CONTEXT!]);
    expect((await as('author_service', 'author', 'SELECT 1')).code, 'the right that was revoked').to.equal(0);
    expect((await serversOf('postgres')).map(({ metadata }) => metadata.uid)).to.deep.equal([server!.metadata.uid]);
    expect(await kubectl('get', 'jobs', '--output', 'name')).to.equal('');
  });
});
