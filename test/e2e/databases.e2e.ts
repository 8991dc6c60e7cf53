import { expect } from 'chai';
import { psql, serversOf } from './support/cluster.ts';
import { kubectl, run } from './support/command.ts';
import { runAs } from './support/roles.ts';

const databases = ['author', 'conference'] as const;
/** The suffixes of the migration role and the service role. */
const uses = ['owner', 'service'] as const;

describe('the two logical databases in one pod', () => {
  for (const database of databases)
    for (const kind of databases)
      for (const use of uses) {
        const role = `${kind}_${use}`;
        const may = kind === database;
        it(`${may ? 'accept' : 'refuse'} connections of ${role} to ${database}`, async () => {
          const { code, stderr } = await runAs(role, database, 'SELECT 1');
          expect(code === 0).to.equal(may);
          if (!may) expect(stderr).to.include('permission denied for database');
        });
      }

  for (const database of databases)
    it(`allow ${database}_service to read and write rows only`, async () => {
      const role = `${database}_service`;
      expect((await runAs(role, database, 'DELETE FROM attendance WHERE false')).code).to.equal(0);
      for (const [statement, message] of [
        ['CREATE TABLE mine (id integer)', 'permission denied for schema public'],
        ['TRUNCATE attendance', 'permission denied for table attendance'],
        ['DROP TABLE attendance', 'must be owner of table attendance'],
        ['SELECT * FROM migration.knex_migrations', 'permission denied for schema migration'],
        ['CREATE TEMPORARY TABLE mine (id integer)', 'permission denied to create temporary tables'],
      ] as const)
        expect((await runAs(role, database, statement)).stderr, statement).to.include(message);
    });

  it('are set up again on an existing volume without a restart of the server', async () => {
    const [server] = await serversOf('postgres');
    await psql('author', 'REVOKE CONNECT ON DATABASE author FROM author_service');
    await run('skaffold', ['run', '-p', 'ci,monitoring', '--kube-context', process.env.KUBE_CONTEXT!]);
    expect((await runAs('author_service', 'author', 'SELECT 1')).code, 'CONNECT is granted again').to.equal(0);
    expect((await serversOf('postgres')).map(({ metadata }) => metadata.uid)).to.deep.equal([server!.metadata.uid]);
    expect(await kubectl('get', 'jobs', '--output', 'name')).to.equal('');
  });
});
