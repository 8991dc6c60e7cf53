import { setTimeout as sleep } from 'node:timers/promises';
import { authors } from '@attendance/author-service/service';
import { withClient } from '@attendance/common/database/client';
import { createTimes } from '@attendance/common/times';
import { events } from '@attendance/conference-service/service';
import { expect } from 'chai';
import { startPurge, type Query } from 'many-to-many/copy';
import type { Subject } from 'many-to-many/testing';
import { v7 } from 'uuid';
import { eventually } from '../support/claims.ts';
import { withOpenTransaction } from '../support/postgres.ts';
import { makeAuthorCopy, makeConferenceCopy, type SqlCopy } from '../support/sqlCopies.ts';

const request_ids = ['marked'];

/** The purge looks for marked entities every 300 ms. */
const times = createTimes({ scale: 0.01 });

for (const [name, make, entities] of [
  ['author', makeAuthorCopy, authors],
  ['event', makeConferenceCopy, events],
] as const)
  describe(`a marked ${name}`, () => {
    let subject: Subject & SqlCopy;
    let id: string;

    before(async () => {
      subject = await make();
    });
    after(() => subject.close());
    beforeEach(async () => {
      ({ id } = await subject.createEntity());
    });

    const pair = (other = v7()) => (name === 'author' ? { left: other, right: id } : { left: id, right: other });
    const insert = async (...pairs: ReturnType<typeof pair>[]) => {
      const outcomes = await subject.copy.insertClaims(pairs.map((of) => ({ claim_id: v7(), ...of, request_ids })));
      return outcomes.map(({ outcome }) => outcome);
    };
    const mark = () => subject.markEntity!(id);
    /** Counts the rows of the entity: in its table, its claims, and the record of its deletion. */
    const rows = () =>
      withClient(subject.settings.migrationRole, async (client) => {
        const count = async (table: string, column: string) =>
          (await client.query(`SELECT FROM ${table} WHERE ${column} = $1`, [id])).rowCount;
        return {
          entities: await count(`all_${name}s`, 'id'),
          claims: await count('attendance', `${name}_id`),
          deleted: await count('attendance_deleted', `${name}_id`),
        };
      });
    /** Inserts claims and tombstones of the entity into the table. */
    const fill = (claims: number) =>
      withClient(subject.settings.migrationRole, (client) =>
        client.query(
          name === 'author'
            ? `INSERT INTO attendance (claim_id, author_id, event_id, retired)
               SELECT gen_random_uuid(), $1, gen_random_uuid(), i % 10 = 0 FROM generate_series(1, $2::int) AS i`
            : `INSERT INTO attendance (claim_id, event_id, author_id, conference_id, retired)
               SELECT gen_random_uuid(), $1, gen_random_uuid(), coalesce(conference_id, $1), i % 10 = 0
               FROM all_events, generate_series(1, $2::int) AS i WHERE id = $1`,
          [id, claims],
        ),
      );
    const withPurge = async (work: () => Promise<void>, query: Query = subject.query) => {
      const errors: unknown[] = [];
      const purge = startPurge(subject.side, { query, times, entities, onError: (error) => errors.push(error) });
      await work().finally(purge.stop);
      return errors;
    };
    const untilPurged = () => eventually(async () => void expect((await rows()).entities).to.equal(0));

    it('loses its claims in pieces, tombstones too, then its row; its id stays as a record', async () => {
      await fill(12_000);
      await mark();
      expect(await rows()).to.deep.equal({ entities: 1, claims: 12_000, deleted: 0 });
      expect(await withPurge(untilPurged)).to.deep.equal([]);
      expect(await rows()).to.deep.equal({ entities: 0, claims: 0, deleted: 1 });
    });

    it('is purged by several replicas at once, each of which may end after any statement', async () => {
      await fill(12_000);
      await mark();
      let statements = 0;
      const dying: Query = async (statement) => {
        statements += 1;
        const crashes = statements % 5 === 0;
        if (crashes && statements % 2 === 0) throw new Error('the process ends before the statement');
        const result = await subject.query(statement);
        if (crashes) throw new Error('the process ends after the commit');
        return result;
      };
      await withPurge(async () => {
        await withPurge(untilPurged, dying);
      }, dying);
      expect(await rows()).to.deep.equal({ entities: 0, claims: 0, deleted: 1 });
    });

    it('does not lose its neighbours, or an entity whose delete is rolled back', async () => {
      const neighbour = id;
      expect(await insert(pair())).to.deep.equal(['accepted']);
      const other = await subject.createEntity();
      await withOpenTransaction(
        subject.settings.serviceRole,
        `UPDATE all_${name}s SET deleted_at = now() WHERE id = $1`,
        [neighbour],
        async () => {
          // an insert does not wait for the mark, which may never be committed
          expect(await insert(pair())).to.deep.equal(['accepted']);
          id = other.id;
          await mark();
          await withPurge(untilPurged);
        },
      );
      id = neighbour;
      expect(await rows()).to.deep.equal({ entities: 1, claims: 2, deleted: 0 });
    });

    it('is marked at once although adds keep its row locked, and their late claims are purged with it', async () => {
      await withOpenTransaction(
        subject.settings.serviceRole,
        `SELECT FROM all_${name}s WHERE id = $1 FOR KEY SHARE`,
        [id],
        async () => {
          await mark();
          expect(await insert(pair())).to.deep.equal(['entity_not_found']);
          // an add that began before is in the middle of its statement
          await fill(3);
          await withPurge(async () => {
            await eventually(async () => void expect((await rows()).claims).to.equal(0));
            await fill(2);
            await sleep(4 * (times.graceMs / 10));
          });
          expect(await rows()).to.deep.include({ entities: 1, deleted: 0 });
        },
      );
      await withPurge(untilPurged);
      expect(await rows()).to.deep.equal({ entities: 0, claims: 0, deleted: 1 });
    });

    it('is marked while adds never stop', async () => {
      let stopped = false;
      const outcomes = new Set<string>();
      const adds = Array.from({ length: 4 }, async () => {
        while (!stopped) for (const outcome of await insert(pair(), pair())) outcomes.add(outcome);
      });
      await eventually(() => void expect([...outcomes]).to.include('accepted'));
      await mark();
      expect(await insert(pair())).to.deep.equal(['entity_not_found']);
      await withPurge(untilPurged);
      stopped = true;
      await Promise.all(adds);
      // of an add that meets the mark, nobody says that its entity is there
      expect([...outcomes]).to.include.members(['accepted', 'entity_not_found']);
      expect(['accepted', 'entity_not_found', 'entity_locked']).to.include.members([...outcomes]);
      expect(await rows()).to.deep.equal({ entities: 0, claims: 0, deleted: 1 });
    });
  });
