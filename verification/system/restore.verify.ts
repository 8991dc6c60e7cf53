import { createTimes } from '@attendance/common/times';
import { timeOf } from 'many-to-many';
import { expect } from 'chai';
import { backUp } from '../../test/support/backup.ts';
import { claimsIn, copiesOf, eventually } from '../../test/support/claims.ts';
import { createClient, type Client, type Reply } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import { metricOf } from '../../test/support/metrics.ts';
import { plantStable, reconcileByHand } from '../../test/support/reconcile.ts';
import { startSystem, type System } from '../../test/support/system.ts';

interface Pair {
  event_id: string;
  author_id: string;
}

/** Of the times of all three services once the gateway is on again, so that what is young soon comes of age. */
const faster = 0.05;

/** For what takes a few seconds on a machine that has nothing else to do. */
const within = createTimes({ scale: faster }).graceMs + 120_000;

/** What was refused for now was certainly not done, and is asked for again. */
async function insist(ask: () => Promise<Reply<unknown>>): Promise<number | null> {
  let { status } = await ask();
  while (status === 503) ({ status } = await ask());
  return status;
}

for (const restored of ['author', 'conference'] as const)
  describe(`the copies after the ${restored} database was restored from an older backup`, () => {
    const other = restored === 'author' ? 'conference' : 'author';
    let system: System;
    let client: Client;
    let backup: Awaited<ReturnType<typeof backUp>> | undefined;

    beforeEach(async () => {
      // nothing is dropped before the restore, however long that takes
      system = await startSystem({ environment: { RECONCILE: 'false' } });
      client = createClient({ gateway: system.gateway });
    });
    afterEach(async () => {
      client.close();
      try {
        // it keeps the roles of the system's databases in use
        await backup?.drop();
        backup = undefined;
      } finally {
        await system.stop();
      }
    });

    const makePairs = async (size: { events: number; authors: number }) => {
      const { events, authors } = await populate(client, size);
      return events.flatMap((event) => authors.map((author): Pair => ({ event_id: event.id, author_id: author.id })));
    };
    const claimsOf = ({ event_id, author_id }: Pair) =>
      claimsIn(system.databases, { event: event_id, author: author_id });
    const plant = async (pairs: Pair[]) => (await plantStable(system, pairs)).map(({ claim_id }) => claim_id);
    const status = (pair: Pair) => insist(() => client.getAttendance(pair.event_id, pair.author_id));
    const remove = (pair: Pair) => insist(() => client.removeAttendance(pair.event_id, pair.author_id));

    /** Adds a pair through the gateway. @returns its claim */
    const add = async (pair: Pair) => {
      expect(await insist(() => client.addAttendance(pair.event_id, pair.author_id))).to.equal(201);
      let claims: string[] = [];
      await eventually(async () => {
        const { author, conference } = await claimsOf(pair);
        expect((claims = author.held)).to.have.lengthOf(1);
        expect(conference.held).to.deep.equal(claims);
      });
      return claims[0]!;
    };

    /** What the other copy is to retire is lost on its way. */
    const removeFromRestoredAlone = async (pair: Pair) => {
      const lost = new Promise<void>((resolve) => system.network[other].on('/retireClaims', () => resolve()));
      expect(await remove(pair)).to.equal(204);
      await lost;
      system.network[other].heal();
      const claims = await claimsOf(pair);
      expect([claims[restored].held.length, claims[other].held.length]).to.deep.equal([0, 1]);
      expect(await status(pair)).to.equal(404);
    };

    const makeBackup = async () => {
      await system.processes[restored].stop();
      backup = await backUp(system.databases[restored]);
      await system.processes[restored].start();
    };
    const restore = async () => {
      await Promise.all([system.processes.gateway.stop(), system.processes[restored].stop()]);
      await backup!.restore();
      await system.processes[restored].start();
    };

    /** With its reconciler. */
    const gatewayOn = async () => {
      const { author, conference, gateway } = system.processes;
      const environment = { TIME_SCALE: String(faster) };
      await Promise.all([author.stop(), conference.stop()]);
      await Promise.all([author.start(environment), conference.start(environment)]);
      await gateway.start({ ...environment, RECONCILE: 'true' });
    };
    /** Waits until a scan has compared so many claims: all, so that none is young any more. */
    const scannedAll = (claims: number) =>
      eventually(
        async () => {
          const { gateway } = system.processes;
          expect(await metricOf(gateway, 'attendance_claims')).to.equal(claims);
          expect(await metricOf(gateway, 'attendance_half_claims')).to.equal(0);
          expect(await metricOf(gateway, 'attendance_reconciler_tripped')).to.equal(0);
        },
        { within },
      );

    it('come together as promised: what is settled by hand, what is young by the gateway as it comes of age', async () => {
      const pairs = await makePairs({ events: 40, authors: 61 });
      const early = await plant(pairs.slice(0, 900));
      const [stays, goes, ...afterwards] = pairs.slice(2_400, 2_406) as [Pair, Pair, ...Pair[]];
      const [staying, going] = [await add(stays), await add(goes)];
      expect(await reconcileByHand(system)).to.deep.include({ code: 0, errors: '' });
      await makeBackup();
      // what happens after the backup: adds, and removes of what is in it
      const late = await plant(pairs.slice(900, 2_400));
      for (const pair of [...pairs.slice(0, 3), goes]) {
        expect(await remove(pair)).to.equal(204);
        // one copy has confirmed it, and the other is about to
        await eventually(async () => void expect((await claimsOf(pair))[other].held).to.deep.equal([]));
      }
      const lost: string[] = [];
      for (const pair of afterwards) lost.push(await add(pair));
      for (const pair of [pairs[900]!, afterwards[0]!]) expect(await status(pair)).to.equal(200);

      await restore();
      const before = await copiesOf(system);
      expect(before[restored]).to.deep.equal([...early, staying, going].sort());
      expect(before[other]).to.deep.equal([...early.slice(3), ...late, staying, ...lost].sort());

      // it does not take the older copy's word for it
      const guarded = await reconcileByHand(system);
      expect(guarded).to.include({ code: 1 });
      expect(guarded.output).to.include('tripped: 1503 of 2397 claims are in one copy only');
      const dry = await reconcileByHand(system, '--dry-run');
      expect(dry.code).to.equal(1);
      expect(dry.output).to.match(/would drop:\n {2}1503 in one copy only\n/);
      // who has to accept it can look at each row before
      const listed = dry.errors.trimEnd().split('\n');
      expect(listed).to.have.lengthOf(1_503);
      expect(await copiesOf(system)).to.deep.equal(before);
      const accepted = await reconcileByHand(system, '--accept');
      expect(accepted).to.include({ code: 0 });
      const lines = accepted.errors.trimEnd().split('\n');
      expect(lines).to.have.members(listed);
      expect(JSON.parse(lines[0]!)).to.include.keys('copy', 'claim_id', 'event_id', 'author_id', 'reason');
      expect(accepted.output).to.match(/dropped:\n {2}1503 in one copy only\n/);
      // what is young is left alone, whichever copy holds it
      const kept = [...early.slice(3), staying];
      const accepting = await copiesOf(system);
      expect(accepting[restored]).to.deep.equal([...kept, going].sort());
      expect(accepting[other]).to.deep.equal([...kept, ...lost].sort());

      await gatewayOn();
      const { graceMs } = createTimes({ scale: faster });
      const tooEarly = new Set<string>();
      await eventually(
        async () => {
          const after = await copiesOf(system);
          const held = new Set([...after.author, ...after.conference]);
          for (const claim of [going, ...lost])
            if (!held.has(claim) && Date.now() - timeOf(claim) < graceMs) tooEarly.add(claim);
          expect(after.author).to.deep.equal(after.conference);
          expect(after.author).to.deep.equal(kept.slice().sort());
        },
        { within },
      );
      expect([...tooEarly]).to.deep.equal([]);
      await scannedAll(kept.length);
      // removed stays removed, added since the backup is lost, all else is there
      for (const pair of [pairs[0]!, goes, pairs[900]!, ...afterwards]) expect(await status(pair)).to.equal(404);
      for (const pair of [pairs[899]!, stays]) expect(await status(pair)).to.equal(200);
      expect(await reconcileByHand(system)).to.deep.include({ code: 0, errors: '' });
    });

    it('hold again what was removed from the restored one alone, until it is removed once more', async () => {
      const [old, young, rest] = (await makePairs({ events: 1, authors: 3 })) as [Pair, Pair, Pair];
      const claims = [...(await plant([old, rest])), await add(young)].sort();
      expect(await reconcileByHand(system)).to.deep.include({ code: 0, errors: '' });
      await makeBackup();
      for (const pair of [old, young]) await removeFromRestoredAlone(pair);

      await restore();
      expect(await reconcileByHand(system, '--dry-run')).to.deep.include({ code: 0, errors: '' });
      expect(await reconcileByHand(system, '--accept')).to.deep.include({ code: 0, errors: '' });
      await gatewayOn();
      await scannedAll(claims.length);
      for (const pair of [old, young, rest]) expect(await status(pair)).to.equal(200);
      expect(await copiesOf(system)).to.deep.equal({ author: claims, conference: claims });

      for (const pair of [old, young])
        // deadlines are so short now that a busy machine may miss one
        await eventually(async () => {
          expect(await remove(pair)).to.be.oneOf([204, 404]);
          expect(await status(pair)).to.equal(404);
        });
      const left = (await claimsOf(rest)).author.held;
      // each had one confirmation, and the other one was on its way
      const alike = async () => void expect(await copiesOf(system)).to.deep.equal({ author: left, conference: left });
      await eventually(alike, { within });
    });
  });
