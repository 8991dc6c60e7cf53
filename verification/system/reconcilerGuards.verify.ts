import { withClient } from '@attendance/common/database/client';
import { createTimes } from '@attendance/common/times';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { expect } from 'chai';
import { readHeldClaims, eventually, plantClaims } from '../../test/support/claims.ts';
import { createClient } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import { readMetric } from '../../test/support/metrics.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { plantStable } from '../../test/support/reconcile.ts';
import { databaseVariables, startSystem, type System } from '../../test/support/system.ts';

/** Shortens the times of all services when there are pairs, so that the gateway scans often. */
const scale = 0.1;
/** A generous timeout: an idle machine needs a few seconds. */
const within = 120_000;

const sides = ['author', 'conference'] as const;
const owns = { author: 'author', conference: 'event' } as const;
const migrations = { author: authorMigrations, conference: conferenceMigrations };

describe('the reconciler of a running gateway', () => {
  let system: System;
  let pairs: { event_id: string; author_id: string }[];
  /** The claims that both copies hold. */
  let claims: ({ claim_id: string } & (typeof pairs)[number])[] = [];
  before(async () => {
    system = await startSystem({ direct: true, environment: { RECONCILE: 'false' } });
    const client = createClient({ gateway: system.gateway });
    const { events, authors } = await populate(client, { events: 40, authors: 40 });
    client.close();
    pairs = events.flatMap((event) => authors.map((author) => ({ event_id: event.id, author_id: author.id })));
    // fewer than the guard allows to drop
    claims = await plantStable(system, pairs.slice(0, 500));
    await system.processes.gateway.stop();
    for (const side of sides) {
      await system.processes[side].stop();
      await system.processes[side].start({ TIME_SCALE: String(scale) });
    }
  });
  after(() => system.stop());

  const claimIds = () => claims.map(({ claim_id }) => claim_id).sort();
  const expectAllClaims = async () =>
    void expect(await readHeldClaims(system)).to.deep.equal({ author: claimIds(), conference: claimIds() });
  const metric = (name: string, labels?: Record<string, string>) =>
    readMetric(system.processes.gateway, `attendance_${name}`, labels);

  const startGateway = async ({ reconcile }: { reconcile: boolean }) => {
    await system.processes.gateway.stop();
    await system.processes.gateway.start({ TIME_SCALE: String(scale), RECONCILE: String(reconcile) });
  };
  /** Waits for two more scans with this outcome: the first may have begun earlier. */
  const waitForScans = async (outcome: 'reconciled' | 'tripped') => {
    const count = (await metric('scans_total', { outcome }))! + 2;
    await eventually(async () => void expect(await metric('scans_total', { outcome })).to.be.at.least(count), {
      within,
    });
    expect(await metric('reconciler_tripped')).to.equal(outcome === 'tripped' ? 1 : 0);
  };
  const lastReason = () => {
    const tripped = system.processes.gateway.logs.filter(({ msg }) => msg.startsWith('the reconciler has tripped'));
    return (tripped.at(-1)!['report'] as { reason: string }).reason;
  };
  const expectNothingDropped = async () => {
    for (const reason of ['half', 'entity_deleted', 'entity_marked', 'surplus'])
      expect(await metric('claims_dropped_total', { reason })).to.equal(0);
  };

  it('does not run if RECONCILE is false: half claims stay until a gateway runs it', async () => {
    await plantStable(system, pairs.slice(-1), ['author']);
    await plantStable(system, pairs.slice(-2, -1), ['conference']);
    const before = await readHeldClaims(system);
    for (const side of sides) expect(before[side]).to.have.lengthOf(claims.length + 1);
    await startGateway({ reconcile: false });
    await new Promise((resolve) => setTimeout(resolve, 4 * createTimes({ scale }).scanEveryMs));
    expect(await readHeldClaims(system)).to.deep.equal(before);
    for (const outcome of ['reconciled', 'tripped', 'wrong_database', 'unanswered'])
      expect(await metric('scans_total', { outcome })).to.equal(0);

    await startGateway({ reconcile: true });
    await eventually(expectAllClaims, { within });
  });

  for (const side of sides) {
    const other = side === 'author' ? 'conference' : 'author';

    it(`trips if the ${side} service has an empty database of another identity, and continues with the right one`, async () => {
      await startGateway({ reconcile: true });
      await waitForScans('reconciled');
      const service = system.processes[side];
      const empty = await createTestDatabase(side, migrations[side]);
      try {
        await service.stop();
        await service.start(databaseVariables(empty.serviceRole));
        await waitForScans('tripped');
        const [right, wrong] = [await identityOf(system.databases[side]), await identityOf(empty)];
        expect(lastReason()).to.equal(
          `the ${other === 'conference' ? 'left' : 'right'} database remembers ${right.database}, not ${wrong.database}`,
        );
        await expectAllClaims();
        expect(wrong.peer).to.equal(null);
      } finally {
        await service.stop();
        await service.start(databaseVariables(system.databases[side].serviceRole));
        await dropTestDatabase(empty);
      }
      await waitForScans('reconciled');
      await expectAllClaims();
      await expectNothingDropped();
    });
  }

  describe('with more half claims than it may drop', () => {
    before(async () => {
      claims.push(...(await plantStable(system, pairs.slice(500, 1_500))));
    });

    for (const side of sides)
      it(`trips if the ${side} copy is lost, drops nothing, and continues after a repair`, async () => {
        await startGateway({ reconcile: true });
        await waitForScans('reconciled');
        expect(await metric('claims')).to.equal(1_500);
        // the database keeps its identity and its entities
        await withClient(system.databases[side].migrationRole, (database) => database.query('TRUNCATE attendance'));
        await waitForScans('tripped');
        expect(lastReason()).to.equal('1500 of 1500 claims are in one copy only');
        expect(await readHeldClaims(system)).to.deep.equal({ author: claimIds(), conference: claimIds(), [side]: [] });

        await plantClaims(system.databases[side].serviceRole, owns[side], claims);
        await waitForScans('reconciled');
        await expectAllClaims();
        await expectNothingDropped();
      });
  });
});

function identityOf({ migrationRole }: TestDatabase): Promise<{ database: string; peer: string | null }> {
  return withClient(migrationRole, async (client) => {
    const { rows } = await client.query<{ database: string; peer: string | null }>('TABLE attendance_identity');
    return rows[0]!;
  });
}
