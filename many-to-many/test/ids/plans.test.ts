import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import { createCopy } from '../../src/copy/createCopy.ts';
import { createExplainer } from '../../../test/support/explain.ts';
import { createRegistrationCopy, registration, type RegistrationCopy } from './registration.ts';

const students = 2_000;

for (const idColumn of ['text COLLATE "C"', 'text', 'text COLLATE "POSIX"'])
  describe(`lists of entities whose ids are ${idColumn}`, () => {
    let subject: RegistrationCopy;
    before(async () => {
      subject = await createRegistrationCopy('right', idColumn);
      await withClient(subject.settings.migrationRole, async (client) => {
        await client.query(
          `INSERT INTO students SELECT 'student' || n, 'Ada' FROM generate_series(1, ${students}) AS n`,
        );
        await client.query(`
          INSERT INTO registration (claim_id, seminar_id, student_id)
          SELECT gen_random_uuid(), n % 10 + 1, 'student' || n FROM generate_series(1, ${students}) AS n`);
        await client.query('VACUUM ANALYZE students, registration');
      });
    });
    after(() => subject.close());

    for (const mode of ['force_custom_plan', 'force_generic_plan'])
      it(`find the entities of a page in the primary key: ${mode}`, () =>
        withClient(subject.settings.serviceRole, async (client) => {
          await client.query(`SET plan_cache_mode = ${mode}`);
          const { query, scansOf } = createExplainer(client);
          const copy = createCopy(registration.right, { query, entities: subject.entities });
          await copy.listByOther([{ id: '1', limit: 20, after: null, request_ids: ['plans'] }]);
          const [scan, ...others] = scansOf('students');
          expect(others).to.deep.equal([]);
          expect(scan).to.include({ node: 'Index Scan', index: 'students_pkey' });
          expect(scan!.rows).to.be.at.most(21);
        }));
  });
