import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { PostgresServer } from '../chaos/postgres.ts';
import { copiesOf, eventually } from '../../test/support/claims.ts';
import { createClient, type Client } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import type { Behaviour } from '../../test/support/proxy.ts';
import { startSystem, type System } from '../../test/support/system.ts';

describe('the reconciler', () => {
  let system: System;
  let client: Client;
  let postgres: PostgresServer | undefined;
  afterEach(async () => {
    client.close();
    try {
      await system.stop();
    } finally {
      await postgres?.stop();
      postgres = undefined;
    }
  });

  it('beside the requests: the copies are identical within the grace period and a scan after all three services and PostgreSQL were killed at once', async () => {
    const scale = 0.3;
    const times = createTimes({ scale });
    const logs = mkdtempSync(join(tmpdir(), 'attendance-reconciler-'));
    // of its own, so that no other test loses its database
    const server = (postgres = await new PostgresServer(join(logs, 'postgres.log')).start());
    system = await startSystem({ environment: { TIME_SCALE: String(scale) }, admin: () => server.admin });
    client = createClient({ gateway: system.gateway });
    let world: Awaited<ReturnType<typeof populate>> | undefined;
    // deadlines are so short that a busy machine may miss one
    await eventually(async () => void (world ??= await populate(client, { events: 5, authors: 10 })), {
      within: 20_000,
    });
    const { events, authors } = world!;
    const pairs = events.flatMap((event) => authors.map((author) => [event.id, author.id] as const));
    const { processes, network, databases } = system;

    // half claims of each kind: adds and removes that are cut in the middle, and claims of what is deleted
    const began = performance.now();
    await Promise.all(pairs.slice(0, 25).map((pair) => client.addAttendance(...pair)));
    const held: Behaviour = () => new Promise(() => undefined);
    network.author.on('/insertClaims', held);
    network.conference.on('/retireClaims', held);
    const addAndRemove = () =>
      Promise.all(
        pairs.map((pair, i) => (i % 3 === 0 ? client.removeAttendance(...pair) : client.addAttendance(...pair))),
      );
    const missing = (one: string[], other: string[]) => one.filter((claim) => !other.includes(claim));
    // a busy machine may refuse some of them
    await eventually(
      async () => {
        await addAndRemove();
        const { author, conference } = await copiesOf(system);
        expect(missing(conference, author)).to.have.length.above(30);
      },
      { within: 20_000 },
    );
    const answers = addAndRemove();
    await Promise.all([...Object.values(processes).map((service) => service.stop()), server.kill()]);
    const crashed = performance.now();
    await answers;

    network.author.heal();
    network.conference.heal();
    await server.start();
    for (const { owner, service } of [databases.author, databases.conference]) owner.port = service.port = server.port;
    await Promise.all([processes.author.start(), processes.conference.start()]);
    const before = await copiesOf(system);
    expect(missing(before.conference, before.author)).to.have.length.above(30);
    await processes.gateway.start();
    /*
     * A claim is compared as it comes of age, or, if that had no answer, by the next scan, which begins a fixed time after
     * the end of the one before. The bound is what one more scan could not keep.
     */
    const bound = times.graceMs + 1.9 * times.scanEveryMs;
    await eventually(
      async () => {
        const copies = await copiesOf(system);
        expect(copies.author).to.deep.equal(copies.conference);
      },
      { within: bound - (performance.now() - crashed) },
    );
    expect(performance.now() - crashed).to.be.below(bound);
    // nor is any dropped before it is of age
    expect(performance.now() - began).to.be.above(times.graceMs);
    rmSync(logs, { recursive: true });
  });
});
