import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthorCopy } from '@attendance/author-service/service';
import { withClient } from '@attendance/common/database/client';
import { createTimes } from '@attendance/common/times';
import { createConferenceCopy } from '@attendance/conference-service/service';
import { expect } from 'chai';
import type { CopyOperations, ItemOf } from 'many-to-many';
import { maxPurged, purgeTombstones } from 'many-to-many/copy';
import type { Subject } from 'many-to-many/testing';
import { v7 } from 'uuid';
import { withOpenTransaction } from '../support/postgres.ts';
import { makeAuthorCopy, makeConferenceCopy, type SqlCopy } from '../support/sqlCopies.ts';

type InsertItem = ItemOf<CopyOperations<unknown>['insertClaims']>;
type RetireItem = ItemOf<CopyOperations<unknown>['retireClaims']>;

const request_ids = ['claims'];
const times = createTimes();
const claimId = (ageMs: number) => v7({ msecs: Date.now() - ageMs });

for (const [name, make] of [
  ['author', makeAuthorCopy],
  ['conference', makeConferenceCopy],
] as const)
  describe(`the copy in the ${name} database`, () => {
    let subject: Subject & SqlCopy;
    let id: string;
    let other: string;

    before(async () => {
      subject = await make();
    });
    after(() => subject.close());
    beforeEach(async () => {
      ({ id } = await subject.createEntity());
      other = v7();
    });

    const entities = name === 'author' ? 'authors' : 'events';
    const pair = (own = id) =>
      subject.side.side === 'right' ? { left: other, right: own } : { left: own, right: other };
    const claim = (own = id): InsertItem => ({ claim_id: v7(), ...pair(own), request_ids });
    const retirement = (claim_ids: string[], own = id): RetireItem => ({
      ...pair(own),
      claim_ids,
      remove_id: null,
      request_ids,
    });
    const insert = (...items: InsertItem[]) => subject.copy.insertClaims(items);
    const retire = (...items: RetireItem[]) => subject.copy.retireClaims(items);
    const outcomesOf = (outcomes: { outcome: string }[]) => outcomes.map(({ outcome }) => outcome);
    /** Reads rows of the table attendance. */
    const rows = (claim_ids: string[]) =>
      withClient(subject.settings.migrationRole, async (client) => {
        const result = await client.query<{ claim_id: string; retired: boolean }>(
          'SELECT claim_id, retired FROM attendance WHERE claim_id = ANY ($1) ORDER BY claim_id',
          [claim_ids],
        );
        return result.rows;
      });
    /** Inserts rows into the table attendance. Unlike the copy, it accepts expired claims. */
    const insertRows = (claim_ids: string[], { retired = false } = {}) =>
      withClient(subject.settings.migrationRole, (client) =>
        client.query(
          name === 'author'
            ? `INSERT INTO attendance (claim_id, author_id, event_id, retired)
               SELECT claim_id, id, $3, $4 FROM authors, unnest($1::uuid[]) AS claim_id WHERE id = $2`
            : `INSERT INTO attendance (claim_id, event_id, author_id, retired, conference_id)
               SELECT claim_id, id, $3, $4, conference_id FROM events, unnest($1::uuid[]) AS claim_id WHERE id = $2`,
          [claim_ids, id, other, retired],
        ),
      );

    it('an insert is answered entity_locked at once while its entity is being deleted', async () => {
      const start = performance.now();
      expect(outcomesOf(await subject.whileDeleting(id, () => insert(claim())))).to.deep.equal(['entity_locked']);
      expect(performance.now() - start).to.be.below(times.statementMs);
    });

    it('a delete waits for running inserts, and deletes their claims', async () => {
      const inserted = claim();
      let deleted: Promise<void> | undefined;
      await withOpenTransaction(
        subject.settings.serviceRole,
        `SELECT FROM ${entities} WHERE id = $1 FOR KEY SHARE`,
        [id],
        async () => {
          deleted = subject.deleteEntity(id);
          // an insert waits neither for the lock nor for the delete that waits for the lock
          await sleep(50);
          expect(outcomesOf(await insert(inserted))).to.deep.equal(['accepted']);
        },
      );
      await deleted;
      expect(outcomesOf(await insert(claim()))).to.deep.equal(['entity_not_found']);
      expect(await rows([inserted.claim_id])).to.be.empty;
    });

    it('twelve concurrent inserts of one claim make one row', async () => {
      const item = claim();
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => insert(item)));
      expect(new Set(outcomes.flatMap(outcomesOf))).to.deep.equal(new Set(['accepted']));
      expect(await rows([item.claim_id])).to.deep.equal([{ claim_id: item.claim_id, retired: false }]);
    });

    it('a concurrent insert and withdrawal leave the claim retired, in either order', async () => {
      for (let i = 0; i < 20; i += 1) {
        const item = claim();
        await Promise.all([insert(item), retire(retirement([item.claim_id])), insert(item)]);
        expect(await rows([item.claim_id])).to.deep.equal([{ claim_id: item.claim_id, retired: true }]);
      }
    });

    it('a retirement leaves a tombstone of a claim younger than the grace period, and deletes an older claim', async () => {
      const { graceMs } = times;
      const young = claimId(graceMs / 2);
      const old = claimId(graceMs + 1_000);
      const fresh = v7();
      await insertRows([young, old]);
      expect(outcomesOf(await retire(retirement([young, old, fresh])))).to.deep.equal(['retired']);
      expect(await rows([young, old, fresh])).to.deep.equal(
        [young, fresh].map((claim_id) => ({ claim_id, retired: true })),
      );
    });

    it('a retired claim stays retired although the clock is set back by twice the skew', async () => {
      const { expiryMs } = times;
      // a wider bound than that of production, so that the claim does not expire while a slow machine runs this
      const skewMs = 60_000;
      const late = { ...claim(), claim_id: claimId(expiryMs + skewMs + 1_000) };
      await insertRows([late.claim_id]);
      await retire(retirement([late.claim_id]));
      const createCopy = name === 'author' ? createAuthorCopy : createConferenceCopy;
      // a clock that was ahead by the skew and is now behind by the skew
      const setBack = createCopy(subject.query, { ...times, expiryMs: expiryMs + 2 * skewMs });
      expect(outcomesOf(await setBack.insertClaims([late]))).to.deep.equal(['accepted']);
      expect(await rows([late.claim_id])).to.deep.equal([{ claim_id: late.claim_id, retired: true }]);
    });

    it('a retirement leaves no tombstone of an old claim that never arrived', async () => {
      const old = claimId(times.graceMs + 1_000);
      expect(outcomesOf(await retire(retirement([old])))).to.deep.equal(['retired']);
      expect(await rows([old])).to.be.empty;
    });

    it('the purge deletes tombstones older than the grace period, and no claims', async () => {
      const { graceMs } = times;
      const [old, young, claimed] = [graceMs + 1_000, graceMs / 2, graceMs + 1_000].map(claimId);
      await insertRows([old!, young!], { retired: true });
      await insertRows([claimed!]);
      expect(await purgeTombstones(subject.query, 'attendance', times)).to.equal(1);
      expect(await purgeTombstones(subject.query, 'attendance', times)).to.equal(0);
      expect(await rows([old!, young!, claimed!])).to.deep.equal([
        { claim_id: claimed, retired: false },
        { claim_id: young, retired: true },
      ]);
    });

    it('the purge deletes a limited number of tombstones, and skips locked rows', async () => {
      const { graceMs } = times;
      const oldest = claimId(10 * graceMs);
      const others = Array.from({ length: maxPurged + 10 }, () => claimId(5 * graceMs));
      await insertRows([oldest, ...others], { retired: true });
      const lock = 'SELECT FROM attendance WHERE claim_id = $1 FOR UPDATE';
      await withOpenTransaction(subject.settings.serviceRole, lock, [oldest], async () => {
        expect(await purgeTombstones(subject.query, 'attendance', times)).to.equal(maxPurged);
      });
      expect(await rows([oldest, ...others])).to.have.length(11);
      await purgeTombstones(subject.query, 'attendance', times);
      expect(await rows([oldest, ...others])).to.be.empty;
    });

    it('concurrent inserts, retirements and purges cause no deadlock', async () => {
      const ownIds = [
        id,
        ...(await Promise.all(Array.from({ length: 5 }, async () => (await subject.createEntity()).id))),
      ];
      const before = await readDeadlocks(subject);
      const shared = Array.from({ length: 40 }, (_, i) => ({ claim_id: v7(), own: ownIds[i % ownIds.length]! }));
      const aged = Array.from({ length: 10 }, () => claimId(2 * times.graceMs));
      await insertRows(aged);
      const worker = async () => {
        for (let round = 0; round < 25; round += 1) {
          const inserted = shuffle(shared).slice(0, 20);
          const withdrawn = shuffle(shared).slice(0, 10);
          await insert(...inserted.map(({ claim_id, own }) => ({ claim_id, ...pair(own), request_ids })));
          await retire(
            ...withdrawn.map(({ claim_id, own }) => retirement([claim_id], own)),
            retirement(shuffle(aged).slice(0, 5)),
          );
          await purgeTombstones(subject.query, 'attendance', { graceMs: 0 });
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      expect(await readDeadlocks(subject)).to.equal(before);
    });
  });

/** Reads the number of deadlocks in the copy's database since its creation. */
function readDeadlocks({ settings }: SqlCopy): Promise<string> {
  return withClient(settings.migrationRole, async (client) => {
    // a session reports its statistics within a second after its transaction
    await sleep(1_100);
    const { rows } = await client.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]!.deadlocks;
  });
}

function shuffle<T>(items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(Math.random() * rest.length), 1)[0]!);
}
