import { setTimeout as sleep } from 'node:timers/promises';
import type { InsertItem, Owner, RetireItem } from '@attendance/common/contract/claims';
import { maxPurged, purgeRetired } from '@attendance/common/copy/purge';
import { createAuthorOwner } from '@attendance/author-service/store/owner';
import { withClient } from '@attendance/common/database/client';
import { createConferenceOwner } from '@attendance/conference-service/store/owner';
import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from '../conformance/owner.ts';
import { makeAuthorOwner, makeEventOwner, type SqlOwner } from '../support/owners.ts';
import { holding } from '../support/postgres.ts';

type AnyOwner = SqlOwner<{ id: string }, Owner<{ id: string }>>;

const request_ids = ['claims'];

for (const [name, make] of [
  ['author', makeAuthorOwner],
  ['conference', makeEventOwner],
] as const)
  describe(`claims in the ${name} database`, () => {
    let subject: AnyOwner;
    let entity: { id: string };
    let foreign: string;

    before(async () => {
      subject = await make();
    });
    after(() => subject.close());
    beforeEach(async () => {
      entity = await subject.createEntity();
      foreign = v7();
    });

    const entities = name === 'author' ? 'authors' : 'events';
    const pair = (owned = entity.id) => pairOf(subject, owned, foreign);
    const claim = (owned = entity.id): InsertItem => ({ claim_id: v7(), ...pair(owned), request_ids });
    const retirement = (claim_ids: string[], owned = entity.id): RetireItem => ({
      ...pair(owned),
      claim_ids,
      remove_id: null,
      request_ids,
    });
    const insert = (...items: InsertItem[]) => subject.owner.insertClaims(items);
    const retire = (...items: RetireItem[]) => subject.owner.retireClaims(items);
    const names = (outcomes: { outcome: string }[]) => outcomes.map(({ outcome }) => outcome);
    /** Rows of attendance as they are, past the interface. */
    const rows = (claim_ids: string[]) =>
      withClient(subject.settings.owner, async (client) => {
        const result = await client.query<{ claim_id: string; retired: boolean }>(
          'SELECT claim_id, retired FROM attendance WHERE claim_id = ANY ($1) ORDER BY claim_id',
          [claim_ids],
        );
        return result.rows;
      });
    /** Puts rows there that no insert could make any more. */
    const place = (claim_ids: string[], { retired = false } = {}) =>
      withClient(subject.settings.owner, (client) =>
        client.query(
          name === 'author'
            ? `INSERT INTO attendance (claim_id, author_id, event_id, retired)
               SELECT claim_id, id, $3, $4 FROM authors, unnest($1::uuid[]) AS claim_id WHERE id = $2`
            : `INSERT INTO attendance (claim_id, event_id, author_id, retired, conference_id)
               SELECT claim_id, id, $3, $4, conference_id FROM events, unnest($1::uuid[]) AS claim_id WHERE id = $2`,
          [claim_ids, entity.id, foreign, retired],
        ),
      );
    /** While a delete of the entity is under way that then fails. */
    const whileDeleting = <T>(work: () => Promise<T>) =>
      holding(subject.settings.service, `DELETE FROM ${entities} WHERE id = $1`, [entity.id], work);

    describe('while the owner is being deleted', () => {
      it('a claim is busy at once, and its neighbours are taken', async () => {
        const other = await subject.createEntity();
        const [first, late, third] = [claim(other.id), claim(), claim(other.id)];
        const started = performance.now();
        expect(names(await whileDeleting(() => insert(first, late, third)))).to.deep.equal(['taken', 'busy', 'taken']);
        expect(performance.now() - started).to.be.below(subject.times.statement);
        expect(await rows([first.claim_id, late.claim_id, third.claim_id])).to.have.length(2);
        expect(names(await insert(late))).to.deep.equal(['taken']);
      });

      it('a retirement is busy at once and retires nothing, and its neighbours are retired', async () => {
        const other = await subject.createEntity();
        const [mine, others] = [claim(), claim(other.id)];
        await insert(mine, others);
        const outcomes = await whileDeleting(() =>
          retire(retirement([mine.claim_id]), retirement([others.claim_id], other.id)),
        );
        expect(names(outcomes)).to.deep.equal(['busy', 'retired']);
        expect(await rows([mine.claim_id])).to.deep.equal([{ claim_id: mine.claim_id, retired: false }]);
      });

      it('an expired claim is expired rather than busy', async () => {
        const old = { ...claim(), claim_id: subject.claimId(2 * subject.times.expiry) };
        expect(names(await whileDeleting(() => insert(old)))).to.deep.equal(['expired']);
      });

      it('reads go on', async () => {
        const item = claim();
        await insert(item);
        const [outcome] = await whileDeleting(() => subject.owner.readPairs([{ ...pair(), request_ids }]));
        expect(outcome).to.deep.equal({ outcome: 'found', entity, claims: [item.claim_id] });
      });
    });

    it('a delete waits for claims that are being inserted, and takes them with it', async () => {
      const held = claim();
      let deleted: Promise<void> | undefined;
      await holding(
        subject.settings.service,
        `SELECT FROM ${entities} WHERE id = $1 FOR KEY SHARE`,
        [entity.id],
        async () => {
          deleted = subject.deleteEntity(entity.id);
          // neither the lock that is held nor the delete that waits for it keeps a claim out
          await sleep(50);
          expect(names(await insert(held))).to.deep.equal(['taken']);
        },
      );
      await deleted;
      expect(names(await insert(claim()))).to.deep.equal(['unknown_owner']);
      expect(await rows([held.claim_id])).to.be.empty;
    });

    it('the same claim delivered many times at once is held once', async () => {
      const item = claim();
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => insert(item)));
      expect(new Set(outcomes.flatMap(names))).to.deep.equal(new Set(['taken']));
      expect(await rows([item.claim_id])).to.deep.equal([{ claim_id: item.claim_id, retired: false }]);
    });

    it('a claim and its withdrawal at once leave it retired, whichever comes first', async () => {
      for (let i = 0; i < 20; i += 1) {
        const item = claim();
        await Promise.all([insert(item), retire(retirement([item.claim_id])), insert(item)]);
        expect(await rows([item.claim_id])).to.deep.equal([{ claim_id: item.claim_id, retired: true }]);
      }
    });

    it('marks what is younger than the grace period, as its purge does, and deletes what is not', async () => {
      const { grace } = subject.times;
      const young = subject.claimId(grace - 1_000);
      const old = subject.claimId(grace + 1_000);
      const fresh = v7();
      await place([young, old]);
      expect(names(await retire(retirement([young, old, fresh])))).to.deep.equal(['retired']);
      expect(await rows([young, old, fresh])).to.deep.equal(
        [young, fresh].map((claim_id) => ({ claim_id, retired: true })),
      );
    });

    it('keeps a retired claim out although the clock is set back within its bound', async () => {
      const { expiry, skew } = subject.times;
      const late = { ...claim(), claim_id: subject.claimId(expiry + skew + 1_000) };
      await place([late.claim_id]);
      await retire(retirement([late.claim_id]));
      const createOwner = name === 'author' ? createAuthorOwner : createConferenceOwner;
      // to a clock that was ahead and is behind now, the claim is younger by twice the bound
      const behind = createOwner(subject.database, { ...subject.times, expiry: expiry + 2 * skew });
      expect(names(await behind.insertClaims([late]))).to.deep.equal(['taken']);
      expect(await rows([late.claim_id])).to.deep.equal([{ claim_id: late.claim_id, retired: true }]);
    });

    it('leaves no mark for an old claim that never arrived', async () => {
      const old = subject.claimId(subject.times.grace + 1_000);
      expect(names(await retire(retirement([old])))).to.deep.equal(['retired']);
      expect(await rows([old])).to.be.empty;
    });

    it('purges marks after the grace period, and no claims', async () => {
      const { grace } = subject.times;
      const [gone, kept, held] = [grace + 1_000, grace - 1_000, grace + 1_000].map(subject.claimId);
      await place([gone!, kept!], { retired: true });
      await place([held!]);
      expect(await purgeRetired(subject.database, subject.times)).to.equal(1);
      expect(await purgeRetired(subject.database, subject.times)).to.equal(0);
      expect(await rows([gone!, kept!, held!])).to.deep.equal([
        { claim_id: held, retired: false },
        { claim_id: kept, retired: true },
      ]);
    });

    it('purges a bounded number at once, and passes by what is locked', async () => {
      const { grace } = subject.times;
      const oldest = subject.claimId(10 * grace);
      const others = Array.from({ length: maxPurged + 10 }, () => subject.claimId(5 * grace));
      await place([oldest, ...others], { retired: true });
      const locked = 'SELECT FROM attendance WHERE claim_id = $1 FOR UPDATE';
      await holding(subject.settings.service, locked, [oldest], async () => {
        expect(await purgeRetired(subject.database, subject.times)).to.equal(maxPurged);
      });
      expect(await rows([oldest, ...others])).to.have.length(11);
      await purgeRetired(subject.database, subject.times);
      expect(await rows([oldest, ...others])).to.be.empty;
    });

    it('batches that mix everything never wait for each other in a circle', async () => {
      const all = [entity, ...(await Promise.all(Array.from({ length: 5 }, () => subject.createEntity())))];
      const deadlocksBefore = await deadlocks(subject);
      const shared = Array.from({ length: 40 }, (_, i) => ({ claim_id: v7(), owned: all[i % all.length]!.id }));
      const aged = Array.from({ length: 10 }, () => subject.claimId(2 * subject.times.grace));
      await place(aged);
      const worker = async () => {
        for (let round = 0; round < 25; round += 1) {
          const some = shuffle(shared).slice(0, 20);
          const marks = shuffle(shared).slice(0, 10);
          await insert(...some.map(({ claim_id, owned }) => ({ claim_id, ...pair(owned), request_ids })));
          await retire(
            ...marks.map(({ claim_id, owned }) => retirement([claim_id], owned)),
            retirement(shuffle(aged).slice(0, 5)),
          );
          await purgeRetired(subject.database, { ...subject.times, grace: 0 });
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      expect(await deadlocks(subject)).to.equal(deadlocksBefore);
    });
  });

function pairOf({ owns }: Pick<OwnerUnderTest<{ id: string }>, 'owns'>, owned: string, foreign: string) {
  return owns === 'author' ? { author_id: owned, event_id: foreign } : { event_id: owned, author_id: foreign };
}

/** How many deadlocks PostgreSQL has broken in the owner's database. */
function deadlocks({ settings }: AnyOwner): Promise<string> {
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
