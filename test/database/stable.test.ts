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
import { adminConnection, withOpenTransaction } from '../support/postgres.ts';
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

    it('no further claim becomes stable', async () => {
      const before = await identify();
      const { during, later } = await withOpenTransaction(subject.settings.serviceRole, 'SELECT 1', [], async () => {
        const during = await identify();
        await sleep(300);
        return { during, later: await identify() };
      });
      expect(during > before, 'time passes').to.equal(true);
      expect(later).to.equal(during);
      const earlier = claimId(subject.times.graceMs + 250);
      expect((await identify()) > earlier, 'time passes again').to.equal(true);
    });

    it('claims become stable if the transaction is of another role, such as a backup', async () => {
      const { earlier, later } = await withOpenTransaction(subject.settings.migrationRole, 'SELECT 1', [], async () => {
        await sleep(300);
        const earlier = claimId(subject.times.graceMs + 250);
        return { earlier, later: await identify() };
      });
      expect(later > earlier).to.equal(true);
    });

    it('no claim is stable if track_activities is off', async () => {
      const { user } = subject.settings.serviceRole;
      await withClient(adminConnection(), (client) => client.query(`ALTER ROLE ${user} SET track_activities = off`));
      const pool = createPool({ ...subject.settings.serviceRole, poolMax: 1, applicationName: 'test' }, createTimes());
      try {
        const copy = createCopy(subject.side, { query: overPool(pool), entities });
        const [identity] = await copy.identify([{ request_ids }]);
        expect(identity!.stable_before).to.equal('00000000-0000-7000-8000-000000000000');
      } finally {
        await pool.end();
        await withClient(adminConnection(), (client) => client.query(`ALTER ROLE ${user} RESET track_activities`));
      }
    });
  });
