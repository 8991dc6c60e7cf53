import { createAuthorCopy } from '@attendance/author-service/service';
import { withClient } from '@attendance/common/database/client';
import { createTimes } from '@attendance/common/times';
import { createConferenceCopy } from '@attendance/conference-service/service';
import { expect } from 'chai';
import type { Copy } from 'many-to-many';
import { poolSettings, purgeTombstones } from 'many-to-many/copy';
import type pg from 'pg';
import { v7 } from 'uuid';
import { createExplainer } from '../support/explain.ts';
import { createTestDatabases, type TestDatabases } from '../support/postgres.ts';

const times = createTimes();
const request_ids = ['plans'];
const base = Date.now();
const ownIds = 400;
const otherIdsPerOwnId = 100;
const conferences = 20;
const batch = 10;
const firstId = '00000000-0000-0000-0000-000000000000';
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** SQL of a UUIDv7 within the last 17 minutes that depends on the text only. */
const id = (text: string) => `(
  lpad(to_hex(${base}::bigint - 1000 * (hashtext(${text}) & 1023)), 12, '0')
  || '7' || substr(md5(${text}), 1, 3) || '8' || substr(md5(${text}), 4, 15)
)::uuid`;
const [ownId, otherId, claimId, conferenceId] = [
  id(`'own' || o`),
  id(`'other' || f`),
  id(`'claim' || o || '-' || f`),
  id(`'conference' || (o % ${conferences} + 1)`),
];
const everyOwn = `generate_series(1, ${ownIds}) AS o`;
const everyPair = `${everyOwn}, generate_series(1, ${otherIdsPerOwnId}) AS f`;

/** Inserts authors and claims, and retires a tenth of the claims. */
async function fillAuthor(client: pg.Client): Promise<void> {
  await client.query(`INSERT INTO authors (id, full_name) SELECT ${ownId}, 'Ada' FROM ${everyOwn}`);
  await client.query(`
    INSERT INTO attendance (claim_id, author_id, event_id, retired)
    SELECT ${claimId}, ${ownId}, ${otherId}, o % 10 = 0 FROM ${everyPair}`);
  await client.query('VACUUM ANALYZE all_authors, attendance');
}

async function fillConference(client: pg.Client): Promise<void> {
  await client.query(`
    INSERT INTO conferences (id, acronym) SELECT ${conferenceId}, 'SWAT' FROM generate_series(1, ${conferences}) AS o`);
  await client.query(`
    INSERT INTO events (id, conference_id, seq) SELECT ${ownId}, ${conferenceId}, o FROM ${everyOwn}`);
  await client.query(`
    INSERT INTO attendance (claim_id, event_id, conference_id, author_id, retired)
    SELECT ${claimId}, ${ownId}, ${conferenceId}, ${otherId}, o % 10 = 0 FROM ${everyPair}`);
  await client.query('VACUUM ANALYZE conferences, all_events, attendance');
}

describe('query plans over 40,000 claims', () => {
  let databases: TestDatabases;
  const sample = { own: '', other: '', conference: '' };
  const batchOf = <T>(item: T): T[] => Array.from({ length: batch }, () => item);

  before(async function () {
    databases = await createTestDatabases();
    await withClient(databases.author.migrationRole, fillAuthor);
    await withClient(databases.conference.migrationRole, async (client) => {
      await fillConference(client);
      const { rows } = await client.query<typeof sample>(`
        SELECT event_id AS own, author_id AS other, conference_id AS conference
        FROM attendance WHERE NOT retired ORDER BY claim_id LIMIT 1`);
      Object.assign(sample, rows[0]);
    });
  });
  after(() => databases.drop());

  for (const kind of ['author', 'conference'] as const)
    for (const mode of ['force_custom_plan', 'force_generic_plan'])
      describe(`${kind}, ${mode}`, () => {
        const [byOwn, byOther] =
          kind === 'author'
            ? ['attendance_by_author', 'attendance_by_event']
            : ['attendance_by_event', 'attendance_by_author'];
        const pair = () =>
          kind === 'author' ? { left: sample.other, right: sample.own } : { left: sample.own, right: sample.other };

        /** Explains the last statement of `work`. @returns its scans of the table attendance */
        const scansOf = (work: (explained: ReturnType<typeof createExplainer>) => Promise<unknown>) =>
          withClient({ ...databases[kind].serviceRole, options: poolSettings(times).options }, async (client) => {
            await client.query(`SET plan_cache_mode = ${mode}`);
            const explained = createExplainer(client);
            await work(explained);
            const scans = explained.scansOf('attendance');
            expect(scans).to.not.be.empty;
            return scans;
          });
        const scansOfCopy = (work: (copy: Copy<object>) => Promise<unknown>) =>
          scansOf(({ query }) =>
            work(kind === 'author' ? createAuthorCopy(query, times) : createConferenceCopy(query, times)),
          );

        it('insertClaims uses index-only scans', async () => {
          const items = Array.from({ length: batch }, () => ({ claim_id: v7(), ...pair(), request_ids }));
          for (const { node, index } of await scansOfCopy((copy) => copy.insertClaims(items))) {
            expect(node).to.equal('Index Only Scan');
            expect(index).to.be.oneOf(['attendance_pkey', byOwn, byOther]);
          }
        });

        it('retireClaims finds claims in the primary key', async () => {
          const claim_ids = [v7(), v7({ msecs: base - 600_000 })];
          const items = batchOf({ ...pair(), claim_ids, remove_id: v7(), request_ids });
          for (const { index } of await scansOfCopy((copy) => copy.retireClaims(items)))
            expect(index).to.equal('attendance_pkey');
        });

        it('readPairs uses an index-only scan', async () => {
          const scans = await scansOfCopy((copy) => copy.readPairs(batchOf({ ...pair(), request_ids })));
          for (const { node, index } of scans) {
            expect(node).to.equal('Index Only Scan');
            expect(index).to.be.oneOf([byOwn, byOther]);
          }
        });

        it('lists read one page from one index', async () => {
          const page = { limit: 20, after: null, request_ids };
          const lists = [
            { index: byOwn, run: (copy: Copy<object>) => copy.listByOwn(batchOf({ id: sample.own, ...page })) },
            {
              index: byOther,
              run: (copy: Copy<object>) => copy.listByOther(batchOf({ id: sample.other, ...page })),
            },
          ];
          for (const { index, run } of lists) {
            const [scan, ...others] = await scansOfCopy(run);
            expect(others).to.be.empty;
            expect(scan).to.include({ node: 'Index Only Scan', index });
            expect(scan!.rows).to.be.at.most(batch * 22);
          }
        });

        it('digestClaims reads one slice from the primary key', async () => {
          // tombstones are read too
          const slice = { from: firstId, to: lastId, claims: 50, request_ids };
          const scans = await scansOfCopy((copy) => copy.digestClaims(batchOf(slice)));
          for (const { node, index, rows } of scans) {
            expect({ node, index }).to.deep.equal({ node: 'Index Only Scan', index: 'attendance_pkey' });
            expect(rows).to.be.at.most(batch * 51 * 1.5);
          }
        });

        it('listClaims and dropClaims find claims in the primary key', async () => {
          const list = { from: firstId, to: lastId, limit: 50, request_ids };
          for (const { index, rows } of await scansOfCopy((copy) => copy.listClaims(batchOf(list)))) {
            expect(index).to.equal('attendance_pkey');
            expect(rows).to.be.at.most(batch * 50 * 1.5);
          }
          const drop = { claim_id: v7({ msecs: base - 600_000 }), database: v7(), peer: v7(), request_ids };
          for (const { index } of await scansOfCopy((copy) => copy.dropClaims(batchOf(drop))))
            expect(index).to.equal('attendance_pkey');
        });

        it('listSurplus reads one slice from one index', async () => {
          const slice = { stable_before: v7(), claims: 50, request_ids };
          for (const after of [null, pair()])
            for (const { node, index, rows } of await scansOfCopy((copy) =>
              copy.listSurplus(batchOf({ ...slice, after })),
            )) {
              expect({ node, index }).to.deep.equal({ node: 'Index Only Scan', index: byOwn });
              expect(rows).to.be.at.most(batch * 50);
            }
        });

        it('the purge reads tombstones only', async () => {
          const scans = await scansOf(({ query }) => purgeTombstones(query, 'attendance', { graceMs: 1000 }));
          expect(scans.map(({ index }) => index)).to.have.members(['attendance_retired', 'attendance_pkey']);
          for (const { rows } of scans) expect(rows).to.be.at.most((ownIds / 10) * otherIdsPerOwnId);
        });

        it('the cascade of a delete finds claims in an index', async () => {
          const column = kind === 'author' ? 'author_id' : 'event_id';
          const text = `DELETE FROM attendance WHERE ${column} = $1::uuid`;
          const scans = await scansOf(({ query }) => query({ text, values: [sample.own] }));
          expect(scans.map(({ index }) => index)).to.deep.equal([`attendance_${column}`]);
        });

        if (kind === 'author')
          it('readAttendees uses an index-only scan', async () => {
            const items = batchOf({ author_id: sample.own, event_ids: [sample.other, v7()], request_ids });
            const scans = await scansOf(({ query }) => createAuthorCopy(query, times).readAttendees(items));
            for (const { node, index } of scans) {
              expect(node).to.equal('Index Only Scan');
              expect(index).to.be.oneOf([byOwn, byOther]);
            }
          });
        else
          it('listByConference reads one page from its index', async () => {
            const items = batchOf({ conference_id: sample.conference, limit: 5, after: null, request_ids });
            const scans = await scansOf(({ query }) => createConferenceCopy(query, times).listByConference(items));
            for (const { node, index, rows } of scans) {
              expect({ node, index }).to.deep.equal({ node: 'Index Only Scan', index: 'attendance_by_conference' });
              expect(rows).to.be.at.most((batch * 6 * ownIds) / conferences);
            }
          });
      });
});
