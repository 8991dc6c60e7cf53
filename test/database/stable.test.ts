import { setTimeout as sleep } from 'node:timers/promises';
import { authors } from '@attendance/author-service/service';
import { withClient } from '@attendance/common/database/client';
import { createPool } from '@attendance/common/database/pool';
import { createTimes } from '@attendance/common/times';
import { events } from '@attendance/conference-service/service';
import { expect } from 'chai';
import { createCopy, overPool } from 'many-to-many/copy';
import type { Subject } from 'many-to-many/testing';
import { v7 } from 'uuid';
import { adminConnection, holding } from '../support/postgres.ts';
import { makeAuthorCopy, makeConferenceCopy, type SqlCopy } from '../support/sqlCopies.ts';

const request_ids = ['stable'];
const claimId = (ageMs: number) => v7({ msecs: Date.now() - ageMs });

for (const [name, make, entities] of [
  ['author', makeAuthorCopy, authors],
  ['conference', makeConferenceCopy, events],
] as const)
  describe(`while a transaction is open in the ${name} database`, () => {
    let subject: Subject & SqlCopy;
    before(async () => {
      subject = await make();
    });
    after(() => subject.close());

    const identify = async () => (await subject.copy.identify([{ request_ids }]))[0]!.stable_before;

    it('no claim becomes stable that was not when it began', async () => {
      const before = await identify();
      const { within, later } = await holding(subject.settings.service, 'SELECT 1', [], async () => {
        const within = await identify();
        await sleep(300);
        return { within, later: await identify() };
      });
      expect(within > before, 'time passes').to.equal(true);
      expect(later).to.equal(within);
      const earlier = claimId(subject.times.graceMs + 250);
      expect((await identify()) > earlier, 'time passes again').to.equal(true);
    });

    it('transactions of other roles do not matter: they insert no claims, and a backup may take hours', async () => {
      const { earlier, later } = await holding(subject.settings.owner, 'SELECT 1', [], async () => {
        await sleep(300);
        const earlier = claimId(subject.times.graceMs + 250);
        return { earlier, later: await identify() };
      });
      expect(later > earlier).to.equal(true);
    });

    it('no claim is stable if the server does not show transactions', async () => {
      const { user } = subject.settings.service;
      await withClient(adminConnection(), (client) => client.query(`ALTER ROLE ${user} SET track_activities = off`));
      const pool = createPool({ ...subject.settings.service, poolMax: 1, applicationName: 'test' }, createTimes());
      try {
        const blind = createCopy(subject.side, { query: overPool(pool), entities });
        const [identity] = await blind.identify([{ request_ids }]);
        expect(identity!.stable_before).to.equal('00000000-0000-7000-8000-000000000000');
      } finally {
        await pool.end();
        await withClient(adminConnection(), (client) => client.query(`ALTER ROLE ${user} RESET track_activities`));
      }
    });
  });
