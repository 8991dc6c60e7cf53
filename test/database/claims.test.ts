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
import { holding } from '../support/postgres.ts';
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
  describe(`claims in the ${name} database`, () => {
    let subject: Subject & SqlCopy;
    let entity: unknown;
    let id: string;
    let other: string;

    before(async () => {
      subject = await make();
    });
    after(() => subject.close());
    beforeEach(async () => {
      ({ id, entity } = await subject.createEntity());
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
    const names = (outcomes: { outcome: string }[]) => outcomes.map(({ outcome }) => outcome);
    /** Reads rows of attendance directly, past the copy's interface. */
    const rows = (claim_ids: string[]) =>
      withClient(subject.settings.owner, async (client) => {
        const result = await client.query<{ claim_id: string; retired: boolean }>(
          'SELECT claim_id, retired FROM attendance WHERE claim_id = ANY ($1) ORDER BY claim_id',
          [claim_ids],
        );
        return result.rows;
      });
    /** Puts rows into attendance directly, also those that no insert could make any more. */
    const place = (claim_ids: string[], { retired = false } = {}) =>
      withClient(subject.settings.owner, (client) =>
        client.query(
          name === 'author'
            ? `INSERT INTO attendance (claim_id, author_id, event_id, retired)
               SELECT claim_id, id, $3, $4 FROM authors, unnest($1::uuid[]) AS claim_id WHERE id = $2`
            : `INSERT INTO attendance (claim_id, event_id, author_id, retired, conference_id)
               SELECT claim_id, id, $3, $4, conference_id FROM events, unnest($1::uuid[]) AS claim_id WHERE id = $2`,
          [claim_ids, id, other, retired],
        ),
      );
    /** Runs `work` while a delete of the entity is in progress. The delete then fails. */
    const whileDeleting = <T>(work: () => Promise<T>) =>
      holding(subject.settings.service, `DELETE FROM ${entities} WHERE id = $1`, [id], work);

    describe('while the entity is being deleted', () => {
      it('a claim is answered entity_locked at once, and its neighbours are accepted', async () => {
        const another = (await subject.createEntity()).id;
        const [first, late, third] = [claim(another), claim(), claim(another)];
        const started = performance.now();
        expect(names(await whileDeleting(() => insert(first, late, third)))).to.deep.equal([
          'accepted',
          'entity_locked',
          'accepted',
        ]);
        expect(performance.now() - started).to.be.below(times.statementMs);
        expect(await rows([first.claim_id, late.claim_id, third.claim_id])).to.have.length(2);
        expect(names(await insert(late))).to.deep.equal(['accepted']);
      });

      it('a retirement is answered entity_locked at once and retires nothing, and its neighbours are retired', async () => {
        const another = (await subject.createEntity()).id;
        const [mine, others] = [claim(), claim(another)];
        await insert(mine, others);
        const outcomes = await whileDeleting(() =>
          retire(retirement([mine.claim_id]), retirement([others.claim_id], another)),
        );
        expect(names(outcomes)).to.deep.equal(['entity_locked', 'retired']);
        expect(await rows([mine.claim_id])).to.deep.equal([{ claim_id: mine.claim_id, retired: false }]);
      });

      it('an expired claim is answered expired rather than entity_locked', async () => {
        const old = { ...claim(), claim_id: claimId(2 * times.expiryMs) };
        expect(names(await whileDeleting(() => insert(old)))).to.deep.equal(['expired']);
      });

      it('reads are answered', async () => {
        const item = claim();
        await insert(item);
        const [outcome] = await whileDeleting(() => subject.copy.readPairs([{ ...pair(), request_ids }]));
        expect(outcome).to.deep.equal({ outcome: 'found', entity, claims: [item.claim_id] });
      });
    });

    it('a delete waits for claims that are being inserted, and takes them with it', async () => {
      const held = claim();
      let deleted: Promise<void> | undefined;
      await holding(subject.settings.service, `SELECT FROM ${entities} WHERE id = $1 FOR KEY SHARE`, [id], async () => {
        deleted = subject.deleteEntity(id);
        // neither the lock that is held nor the delete that waits for it keeps a claim out
        await sleep(50);
        expect(names(await insert(held))).to.deep.equal(['accepted']);
      });
      await deleted;
      expect(names(await insert(claim()))).to.deep.equal(['entity_not_found']);
      expect(await rows([held.claim_id])).to.be.empty;
    });

    it('a claim that is delivered many times at once is held once', async () => {
      const item = claim();
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => insert(item)));
      expect(new Set(outcomes.flatMap(names))).to.deep.equal(new Set(['accepted']));
      expect(await rows([item.claim_id])).to.deep.equal([{ claim_id: item.claim_id, retired: false }]);
    });

    it('a claim and its withdrawal at once leave it retired, whichever comes first', async () => {
      for (let i = 0; i < 20; i += 1) {
        const item = claim();
        await Promise.all([insert(item), retire(retirement([item.claim_id])), insert(item)]);
        expect(await rows([item.claim_id])).to.deep.equal([{ claim_id: item.claim_id, retired: true }]);
      }
    });

    it('leaves tombstones of claims younger than the grace period, by the measure of the purge, and deletes older ones', async () => {
      const { graceMs } = times;
      const young = claimId(graceMs / 2);
      const old = claimId(graceMs + 1_000);
      const fresh = v7();
      await place([young, old]);
      expect(names(await retire(retirement([young, old, fresh])))).to.deep.equal(['retired']);
      expect(await rows([young, old, fresh])).to.deep.equal(
        [young, fresh].map((claim_id) => ({ claim_id, retired: true })),
      );
    });

    it('keeps a retired claim out although the clock is set back within its bound', async () => {
      const { expiryMs } = times;
      // a wider bound than that of production, so that the claim does not expire while a slow machine runs this
      const skewMs = 60_000;
      const late = { ...claim(), claim_id: claimId(expiryMs + skewMs + 1_000) };
      await place([late.claim_id]);
      await retire(retirement([late.claim_id]));
      const createCopy = name === 'author' ? createAuthorCopy : createConferenceCopy;
      // to a clock that was ahead and is behind now, the claim is younger by twice the bound
      const behind = createCopy(subject.query, { ...times, expiryMs: expiryMs + 2 * skewMs });
      expect(names(await behind.insertClaims([late]))).to.deep.equal(['accepted']);
      expect(await rows([late.claim_id])).to.deep.equal([{ claim_id: late.claim_id, retired: true }]);
    });

    it('leaves no tombstone of an old claim that never arrived', async () => {
      const old = claimId(times.graceMs + 1_000);
      expect(names(await retire(retirement([old])))).to.deep.equal(['retired']);
      expect(await rows([old])).to.be.empty;
    });

    it('purges tombstones after the grace period, and no claims', async () => {
      const { graceMs } = times;
      const [gone, kept, held] = [graceMs + 1_000, graceMs / 2, graceMs + 1_000].map(claimId);
      await place([gone!, kept!], { retired: true });
      await place([held!]);
      expect(await purgeTombstones(subject.query, 'attendance', times)).to.equal(1);
      expect(await purgeTombstones(subject.query, 'attendance', times)).to.equal(0);
      expect(await rows([gone!, kept!, held!])).to.deep.equal([
        { claim_id: held, retired: false },
        { claim_id: kept, retired: true },
      ]);
    });

    it('purges a bounded number at once, and skips locked rows', async () => {
      const { graceMs } = times;
      const oldest = claimId(10 * graceMs);
      const others = Array.from({ length: maxPurged + 10 }, () => claimId(5 * graceMs));
      await place([oldest, ...others], { retired: true });
      const locked = 'SELECT FROM attendance WHERE claim_id = $1 FOR UPDATE';
      await holding(subject.settings.service, locked, [oldest], async () => {
        expect(await purgeTombstones(subject.query, 'attendance', times)).to.equal(maxPurged);
      });
      expect(await rows([oldest, ...others])).to.have.length(11);
      await purgeTombstones(subject.query, 'attendance', times);
      expect(await rows([oldest, ...others])).to.be.empty;
    });

    it('batches that mix everything never wait for each other in a circle', async () => {
      const all = [
        id,
        ...(await Promise.all(Array.from({ length: 5 }, async () => (await subject.createEntity()).id))),
      ];
      const deadlocksBefore = await deadlocks(subject);
      const shared = Array.from({ length: 40 }, (_, i) => ({ claim_id: v7(), own: all[i % all.length]! }));
      const aged = Array.from({ length: 10 }, () => claimId(2 * times.graceMs));
      await place(aged);
      const worker = async () => {
        for (let round = 0; round < 25; round += 1) {
          const some = shuffle(shared).slice(0, 20);
          const withdrawn = shuffle(shared).slice(0, 10);
          await insert(...some.map(({ claim_id, own }) => ({ claim_id, ...pair(own), request_ids })));
          await retire(
            ...withdrawn.map(({ claim_id, own }) => retirement([claim_id], own)),
            retirement(shuffle(aged).slice(0, 5)),
          );
          await purgeTombstones(subject.query, 'attendance', { graceMs: 0 });
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      expect(await deadlocks(subject)).to.equal(deadlocksBefore);
    });
  });

/** Reads how many deadlocks PostgreSQL has broken in the copy's database. */
function deadlocks({ settings }: SqlCopy): Promise<string> {
  return withClient(settings.owner, async (client) => {
    // statistics are reported within a second of a session's transaction
    await sleep(1_100);
    const { rows } = await client.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]!.deadlocks;
  });
}

function shuffle<T>(items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]!);
}
