import { createTimes } from '@attendance/common/times';
import { timeOf } from 'many-to-many';
import { expect } from 'chai';
import { backUp } from '../../test/support/backup.ts';
import { readClaimsOfPair, readHeldClaims, eventually } from '../../test/support/claims.ts';
import { createClient, type Client, type Reply } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import { readMetric } from '../../test/support/metrics.ts';
import { plantStable, reconcileByHand } from '../../test/support/reconcile.ts';
import { startSystem, type System } from '../../test/support/system.ts';

interface Pair {
  event_id: string;
  author_id: string;
}

/** Shortens the times of all services after the restore, so that claims become stable soon. */
const shortScale = 0.05;

/** A generous timeout: an idle machine needs a few seconds. */
const within = createTimes({ scale: shortScale }).graceMs + 120_000;

/** Repeats a request while it is answered 503. @returns the last status */
async function repeatWhile503(send: () => Promise<Reply<unknown>>): Promise<number | null> {
  let { status } = await send();
  while (status === 503) ({ status } = await send());
  return status;
}

for (const restored of ['author', 'conference'] as const)
  describe(`the copies after the ${restored} database was restored from an older backup`, () => {
    const other = restored === 'author' ? 'conference' : 'author';
    let system: System;
    let client: Client;
    let backup: Awaited<ReturnType<typeof backUp>> | undefined;

    beforeEach(async () => {
      // no claim is dropped before the restore
      system = await startSystem({ environment: { RECONCILE: 'false' } });
      client = createClient({ gateway: system.gateway });
    });
    afterEach(async () => {
      client.close();
      try {
        // the roles of the system cannot be dropped while the backup uses them
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
      readClaimsOfPair(system.databases, { event: event_id, author: author_id });
    const plant = async (pairs: Pair[]) => (await plantStable(system, pairs)).map(({ claim_id }) => claim_id);
    const status = (pair: Pair) => repeatWhile503(() => client.getAttendance(pair.event_id, pair.author_id));
    const remove = (pair: Pair) => repeatWhile503(() => client.removeAttendance(pair.event_id, pair.author_id));

    /** Adds a pair through the gateway. @returns its claim */
    const add = async (pair: Pair) => {
      expect(await repeatWhile503(() => client.addAttendance(pair.event_id, pair.author_id))).to.equal(201);
      let claims: string[] = [];
      await eventually(async () => {
        const { author, conference } = await claimsOf(pair);
        expect((claims = author.held)).to.have.lengthOf(1);
        expect(conference.held).to.deep.equal(claims);
      });
      return claims[0]!;
    };

    /** Removes a pair while the retirement in the other copy is lost. */
    const removeFromRestoredCopy = async (pair: Pair) => {
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

    const startGatewayWithReconciler = async () => {
      const { author, conference, gateway } = system.processes;
      const environment = { TIME_SCALE: String(shortScale) };
      await Promise.all([author.stop(), conference.stop()]);
      await Promise.all([author.start(environment), conference.start(environment)]);
      await gateway.start({ ...environment, RECONCILE: 'true' });
    };
    /** Waits until a scan has compared this number of claims, which are then stable. */
    const waitForScanOf = (claims: number) =>
      eventually(
        async () => {
          const { gateway } = system.processes;
          expect(await readMetric(gateway, 'attendance_claims')).to.equal(claims);
          expect(await readMetric(gateway, 'attendance_half_claims')).to.equal(0);
          expect(await readMetric(gateway, 'attendance_reconciler_tripped')).to.equal(0);
        },
        { within },
      );

    it('become equal: a person accepts the drops, and the gateway drops further claims when they become stable', async () => {
      const pairs = await makePairs({ events: 40, authors: 61 });
      const inBackup = await plant(pairs.slice(0, 900));
      const [kept, removed, ...addedLater] = pairs.slice(2_400, 2_406) as [Pair, Pair, ...Pair[]];
      const [keptClaim, removedClaim] = [await add(kept), await add(removed)];
      expect(await reconcileByHand(system)).to.deep.include({ code: 0, errors: '' });
      await makeBackup();
      // after the backup: adds, and removes of pairs in the backup
      const afterBackup = await plant(pairs.slice(900, 2_400));
      for (const pair of [...pairs.slice(0, 3), removed]) {
        expect(await remove(pair)).to.equal(204);
        // one confirmation is enough for the answer; waits for the other copy
        await eventually(async () => void expect((await claimsOf(pair))[other].held).to.deep.equal([]));
      }
      const lost: string[] = [];
      for (const pair of addedLater) lost.push(await add(pair));
      for (const pair of [pairs[900]!, addedLater[0]!]) expect(await status(pair)).to.equal(200);

      await restore();
      const before = await readHeldClaims(system);
      expect(before[restored]).to.deep.equal([...inBackup, keptClaim, removedClaim].sort());
      expect(before[other]).to.deep.equal([...inBackup.slice(3), ...afterBackup, keptClaim, ...lost].sort());

      const guarded = await reconcileByHand(system);
      expect(guarded).to.include({ code: 1 });
      expect(guarded.output).to.include('tripped: 1503 of 2397 claims are in one copy only');
      const dry = await reconcileByHand(system, '--dry-run');
      expect(dry.code).to.equal(1);
      expect(dry.output).to.match(/would drop:\n {2}1503 in one copy only\n/);
      // a dry run lists each row
      const listed = dry.errors.trimEnd().split('\n');
      expect(listed).to.have.lengthOf(1_503);
      expect(await readHeldClaims(system)).to.deep.equal(before);
      const accepted = await reconcileByHand(system, '--accept');
      expect(accepted).to.include({ code: 0 });
      const lines = accepted.errors.trimEnd().split('\n');
      expect(lines).to.have.members(listed);
      expect(JSON.parse(lines[0]!)).to.include.keys('copy', 'claim_id', 'event_id', 'author_id', 'reason');
      expect(accepted.output).to.match(/dropped:\n {2}1503 in one copy only\n/);
      // claims that are not stable stay in both copies
      const remaining = [...inBackup.slice(3), keptClaim];
      const accepting = await readHeldClaims(system);
      expect(accepting[restored]).to.deep.equal([...remaining, removedClaim].sort());
      expect(accepting[other]).to.deep.equal([...remaining, ...lost].sort());

      await startGatewayWithReconciler();
      const { graceMs } = createTimes({ scale: shortScale });
      const tooEarly = new Set<string>();
      await eventually(
        async () => {
          const after = await readHeldClaims(system);
          const held = new Set([...after.author, ...after.conference]);
          for (const claim of [removedClaim, ...lost])
            if (!held.has(claim) && Date.now() - timeOf(claim) < graceMs) tooEarly.add(claim);
          expect(after.author).to.deep.equal(after.conference);
          expect(after.author).to.deep.equal([...remaining].sort());
        },
        { within },
      );
      expect([...tooEarly]).to.deep.equal([]);
      await waitForScanOf(remaining.length);
      // pairs removed or added after the backup are absent, and all other pairs visible
      for (const pair of [pairs[0]!, removed, pairs[900]!, ...addedLater]) expect(await status(pair)).to.equal(404);
      for (const pair of [pairs[899]!, kept]) expect(await status(pair)).to.equal(200);
      expect(await reconcileByHand({ ...system, scale: shortScale })).to.deep.include({ code: 0, errors: '' });
    });

    it('have pairs again that were removed from the restored copy only, until they are removed again', async () => {
      const [old, young, rest] = (await makePairs({ events: 1, authors: 3 })) as [Pair, Pair, Pair];
      const claims = [...(await plant([old, rest])), await add(young)].sort();
      expect(await reconcileByHand(system)).to.deep.include({ code: 0, errors: '' });
      await makeBackup();
      for (const pair of [old, young]) await removeFromRestoredCopy(pair);

      await restore();
      expect(await reconcileByHand(system, '--dry-run')).to.deep.include({ code: 0, errors: '' });
      expect(await reconcileByHand(system, '--accept')).to.deep.include({ code: 0, errors: '' });
      await startGatewayWithReconciler();
      await waitForScanOf(claims.length);
      for (const pair of [old, young, rest]) expect(await status(pair)).to.equal(200);
      expect(await readHeldClaims(system)).to.deep.equal({ author: claims, conference: claims });

      for (const pair of [old, young])
        // a busy machine may miss the short deadlines
        await eventually(async () => {
          expect(await remove(pair)).to.be.oneOf([204, 404]);
          expect(await status(pair)).to.equal(404);
        });
      const held = (await claimsOf(rest)).author.held;
      // one confirmation is enough for the answer; waits for the other copy
      const expectEqual = async () =>
        void expect(await readHeldClaims(system)).to.deep.equal({ author: held, conference: held });
      await eventually(expectEqual, { within });
    });
  });
