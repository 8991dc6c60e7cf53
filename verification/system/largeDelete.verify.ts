import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import { maxClaimsOfPair } from 'many-to-many';
import type pg from 'pg';
import { eventually } from '../../test/support/claims.ts';
import { createClient, type Client } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import { reconcileByHand } from '../../test/support/reconcile.ts';
import { startSystem, type System } from '../../test/support/system.ts';
import { uuidv7Sql } from '../../test/support/uuidSql.ts';

const claims = Number(process.env.CLAIMS || 200_000);

const rows = `generate_series(1, $1::int) AS n`;
const hourAgo = Date.now() - 3_600_000;
/** SQL of the id of the row with the number `n`. It is the same in both databases. */
const idOf = (kind: string) => uuidv7Sql(String(hourAgo), `'${kind}' || n`);

describe(`the deletion of an event with ${claims} attendances`, function () {
  this.timeout(60_000 + claims * 3);
  let system: System;
  let client: Client;
  let event: string;
  let others: { events: { id: string }[]; authors: { id: string }[] };

  const count = (side: 'author' | 'conference', table: string) =>
    withClient(system.databases[side].migrationRole, async (database: pg.Client) => {
      const column = table === 'all_events' ? 'id' : 'event_id';
      const { rows } = await database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table} WHERE ${column} = $1`,
        [event],
      );
      return rows[0]!.count;
    });

  before(async () => {
    // only the scans by hand drop claims, and they do not rest
    system = await startSystem({ direct: true, environment: { RECONCILE: 'false' } });
    client = createClient({ gateway: system.gateway });
    others = await populate(client, { events: 3, authors: 3 });
    event = others.events.pop()!.id;
    const { author, conference } = system.databases;
    await withClient(author.migrationRole, async (database) => {
      await database.query(`INSERT INTO all_authors (id, full_name) SELECT ${idOf('author')}, 'Ada' FROM ${rows}`, [
        claims,
      ]);
      await database.query(
        `INSERT INTO attendance (claim_id, author_id, event_id)
         SELECT ${idOf('claim')}, ${idOf('author')}, $2 FROM ${rows}`,
        [claims, event],
      );
      await database.query('VACUUM ANALYZE attendance, all_authors');
    });
    await withClient(conference.migrationRole, async (database) => {
      await database.query(
        `INSERT INTO attendance (claim_id, author_id, event_id, conference_id)
         SELECT ${idOf('claim')}, ${idOf('author')}, e.id, e.conference_id FROM ${rows}, all_events e WHERE e.id = $2`,
        [claims, event],
      );
      await database.query('VACUUM ANALYZE attendance');
    });
  });
  after(async () => {
    client.close();
    await system.stop();
  });

  it('answers at once, keeps nobody waiting, and is cleaned up without a person', async () => {
    const times: Record<string, number[]> = { before: [], purging: [], reconciling: [] };
    let phase = 'before';
    const traffic = { goesOn: true };
    /** Adds and reads pairs of other events, and notes how long it takes. */
    const requests = (async () => {
      for (let i = 0; traffic.goesOn; i += 1) {
        const pair = [others.events[i % 2]!.id, others.authors[i % 3]!.id] as const;
        const began = performance.now();
        const { status } = i % 2 ? await client.addAttendance(...pair) : await client.getAttendance(...pair);
        times[phase]!.push(performance.now() - began);
        expect(status, 'of another request').to.be.oneOf([200, 201, 404]);
        if (i % 16 === 15) await client.removeAttendance(...pair);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    /** Adds to the event that is being deleted, without a pause. */
    const statuses: (number | null)[] = [];
    const adds = (async () => {
      while (traffic.goesOn && statuses.at(-1) !== 404)
        statuses.push((await client.addAttendance(event, others.authors[0]!.id)).status);
    })();
    await eventually(() => void expect(times['before']).to.have.length.above(50));

    const began = performance.now();
    expect((await client.deleteEvent(event)).status).to.equal(204);
    const answered = performance.now() - began;
    expect((await client.getEvent(event)).status).to.equal(404);
    expect((await client.listEventAttendance(event)).status).to.equal(404);
    expect((await client.addAttendance(event, others.authors[0]!.id)).status).to.equal(404);
    await adds;
    // 503: the add met the mark
    expect(statuses.slice(0, -1).every((status) => [200, 201, 503].includes(status ?? 0))).to.equal(true);

    phase = 'purging';
    await eventually(async () => void expect(await count('conference', 'all_events')).to.equal(0), {
      within: 60_000 + claims,
    });
    const purged = performance.now() - began;
    expect(await count('conference', 'attendance')).to.equal(0);

    phase = 'reconciling';
    const { code, output, errors } = await reconcileByHand(system);
    const reconciled = performance.now() - began - purged;
    traffic.goesOn = false;
    await requests;
    expect({ code, errors: errors.length > 0 && code !== 0 ? errors : '' }, output).to.deep.equal({
      code: 0,
      errors: '',
    });
    // the adds of the last five minutes are not stable: up to the limit of a pair
    expect(await count('author', 'attendance')).to.be.at.most(maxClaimsOfPair);

    const quantile = (all: number[], q: number) => [...all].sort((a, b) => a - b)[Math.floor(q * all.length)] ?? 0;
    const latencies = Object.entries(times).map(
      ([name, all]) =>
        `${name}: ${[0.5, 0.99, 1].map((q) => quantile(all, Math.min(q, 0.9999)).toFixed(0)).join(' / ')} ms`,
    );
    process.stdout.write(
      `      answered after ${answered.toFixed(0)} ms, purged after ${(purged / 1000).toFixed(0)} s, reconciled in ${(reconciled / 1000).toFixed(0)} s;\n` +
        `      other requests (median / 99 % / longest) ${latencies.join(', ')}\n`,
    );
  });
});
