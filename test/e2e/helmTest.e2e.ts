import { expect } from 'chai';
import { psql, services } from './support/cluster.ts';
import { kubectl, run } from './support/command.ts';

describe('helm test', () => {
  for (const release of ['postgres', ...services])
    it(`of ${release} succeeds and deletes its objects and rows`, async () => {
      const before = await countRows();
      expect(await run('helm', ['test', release, '--timeout', '120s'])).to.match(/Phase:\s+Succeeded/);
      expect(await countRows()).to.deep.equal(before);
      const objects = await kubectl('get', 'pods,jobs,configmaps,networkpolicies', '--output', 'name');
      expect(objects).to.not.match(/-test$/m);
    });

  async function countRows() {
    const count = (database: string, table: string) => psql(database, `SELECT count(*) FROM ${table}`);
    return {
      authors: await count('author', 'authors'),
      conferences: await count('conference', 'conferences'),
      events: await count('conference', 'events'),
      // retired claims leave tombstones until the grace period is over
      attendance: await count('author', 'attendance WHERE NOT retired'),
      'attendance, the other copy': await count('conference', 'attendance WHERE NOT retired'),
    };
  }
});
