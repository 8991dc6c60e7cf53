import { expect } from 'chai';
import { psql, serversOf } from './support/cluster.ts';
import { attempt, kubectl } from './support/command.ts';
import { forward } from './support/portForward.ts';

const isLast = `name = (SELECT max(name) FROM migration.knex_migrations)`;

function upgrade(note: string) {
  // starts new pods if the migration succeeds
  const change = ['--set-string', `podAnnotations.note=${note}`, '--set', 'migration.backoffLimit=0'];
  return attempt('helm', ['upgrade', 'author-service', 'charts/owner-service', '--reuse-values', '--wait', ...change]);
}

describe('a migration', () => {
  it('that fails makes the release fail, and the old pods keep serving', async () => {
    const pods = (await serversOf('author-service')).map(({ metadata }) => metadata.uid);
    // the last migration runs again, and fails because its tables exist
    await psql('author', `CREATE TABLE forgotten AS SELECT * FROM migration.knex_migrations WHERE ${isLast}`);
    await psql('author', `DELETE FROM migration.knex_migrations WHERE ${isLast}`);
    try {
      const { code, stdout, stderr } = await upgrade('fails');
      expect(code).to.not.equal(0);
      expect(stdout + stderr, 'what helm prints').to.match(/already exists/);
      expect((await serversOf('author-service')).map(({ metadata }) => metadata.uid)).to.deep.equal(pods);
      const { url, stop } = await forward('service/author-service', 8070);
      expect((await fetch(`${url}/author`)).status).to.equal(200);
      await stop();
    } finally {
      await psql('author', 'INSERT INTO migration.knex_migrations SELECT * FROM forgotten');
      await psql('author', 'DROP TABLE forgotten');
    }
  });

  it('that succeeds makes the release succeed', async () => {
    const { code, stderr } = await upgrade('succeeds');
    expect(code, stderr).to.equal(0);
    expect(await kubectl('get', 'jobs', '--output', 'name')).to.equal('');
  });
});
