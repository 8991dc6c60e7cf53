import { setTimeout as sleep } from 'node:timers/promises';
import type { Owner } from '@attendance/common/contract/claims';
import { identify as identifyDatabase } from '@attendance/common/copy/reconciliation/identity';
import { withClient } from '@attendance/common/database/client';
import { createDatabase } from '@attendance/common/database/connect';
import { expect } from 'chai';
import { makeAuthorOwner, makeEventOwner, type SqlOwner } from '../support/owners.ts';
import { adminConnection, holding } from '../support/postgres.ts';

const request_ids = ['settled'];

for (const [name, make] of [
  ['author', makeAuthorOwner],
  ['conference', makeEventOwner],
] as const)
  describe(`while a transaction is open in the ${name} database`, () => {
    let subject: SqlOwner<{ id: string }, Owner<{ id: string }>>;
    before(async () => {
      subject = await make();
    });
    after(() => subject.close());

    const identify = async () => (await subject.owner.identify([{ request_ids }]))[0]!.settled_before;

    it('nothing becomes settled that was not when it began', async () => {
      const before = await identify();
      const { within, later } = await holding(subject.settings.service, 'SELECT 1', [], async () => {
        const within = await identify();
        await sleep(300);
        return { within, later: await identify() };
      });
      expect(within > before, 'time passes').to.equal(true);
      expect(later).to.equal(within);
      const earlier = subject.claimId(subject.times.grace + 250);
      expect((await identify()) > earlier, 'time passes again').to.equal(true);
    });

    it("those of others do not matter: they insert no claims, and somebody's backup may take hours", async () => {
      const { earlier, later } = await holding(subject.settings.owner, 'SELECT 1', [], async () => {
        await sleep(300);
        const earlier = subject.claimId(subject.times.grace + 250);
        return { earlier, later: await identify() };
      });
      expect(later > earlier).to.equal(true);
    });

    it('nothing is settled at all where the server does not show transactions', async () => {
      const { user } = subject.settings.service;
      await withClient(adminConnection(), (client) => client.query(`ALTER ROLE ${user} SET track_activities = off`));
      const database = createDatabase(
        { ...subject.settings.service, poolMax: 1, applicationName: 'test' },
        subject.times,
      );
      try {
        const [blind] = await identifyDatabase(database, subject.times)([{ request_ids }]);
        expect(blind!.settled_before).to.equal('00000000-0000-7000-8000-000000000000');
      } finally {
        await database.destroy();
        await withClient(adminConnection(), (client) => client.query(`ALTER ROLE ${user} RESET track_activities`));
      }
    });
  });
