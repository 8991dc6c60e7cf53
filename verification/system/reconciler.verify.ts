import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { PostgresServer } from '../chaos/postgres.ts';
import { readHeldClaims, eventually } from '../../test/support/claims.ts';
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

  it('makes the copies equal within the grace period and a scan after a crash of all services and PostgreSQL', async () => {
    const scale = 0.3;
    const times = createTimes({ scale });
    const logs = mkdtempSync(join(tmpdir(), 'attendance-reconciler-'));
    // a separate server, so that other tests keep their databases
    const server = (postgres = await new PostgresServer(join(logs, 'postgres.log')).start());
    system = await startSystem({ environment: { TIME_SCALE: String(scale) }, admin: () => server.admin });
    client = createClient({ gateway: system.gateway });
    let world: Awaited<ReturnType<typeof populate>> | undefined;
    // a busy machine may miss the short deadlines
    await eventually(async () => void (world ??= await populate(client, { events: 5, authors: 10 })), {
      within: 20_000,
    });
    const { events, authors } = world!;
    const pairs = events.flatMap((event) => authors.map((author) => [event.id, author.id] as const));
    const { processes, network, databases } = system;

    // creates half claims: adds and removes that reach one copy only
    const start = performance.now();
    await Promise.all(pairs.slice(0, 25).map((pair) => client.addAttendance(...pair)));
    const neverAnswer: Behaviour = () => new Promise(() => undefined);
    network.author.on('/insertClaims', neverAnswer);
    network.conference.on('/retireClaims', neverAnswer);
    const addAndRemove = () =>
      Promise.all(
        pairs.map((pair, i) => (i % 3 === 0 ? client.removeAttendance(...pair) : client.addAttendance(...pair))),
      );
    const onlyInFirst = (first: string[], second: string[]) => first.filter((claim) => !second.includes(claim));
    // a busy machine may refuse some requests
    await eventually(
      async () => {
        await addAndRemove();
        const { author, conference } = await readHeldClaims(system);
        expect(onlyInFirst(conference, author)).to.have.length.above(30);
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
    for (const { migrationRole, serviceRole } of [databases.author, databases.conference])
      migrationRole.port = serviceRole.port = server.port;
    await Promise.all([processes.author.start(), processes.conference.start()]);
    const before = await readHeldClaims(system);
    expect(onlyInFirst(before.conference, before.author)).to.have.length.above(30);
    await processes.gateway.start();
    /*
     * A claim is compared when it becomes stable or, if that call was not answered, by the next scan. The bound is too
     * short for a second scan.
     */
    const bound = times.graceMs + 1.9 * times.scanEveryMs;
    await eventually(
      async () => {
        const copies = await readHeldClaims(system);
        expect(copies.author).to.deep.equal(copies.conference);
      },
      { within: bound - (performance.now() - crashed) },
    );
    expect(performance.now() - crashed).to.be.below(bound);
    // no claim was dropped before it was stable
    expect(performance.now() - start).to.be.above(times.graceMs);
    rmSync(logs, { recursive: true });
  });
});
