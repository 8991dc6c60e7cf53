import { fileURLToPath } from 'node:url';
import { createTimes } from '@attendance/common/times';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { backUp } from '../support/backup.ts';
import { copiesOf, plantClaims } from '../support/claims.ts';
import { createClient, type Client } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.ts';
import { startProgram } from '../support/program.ts';
import { databaseVariables, serviceToken, startSystem, timeScale, type System } from '../support/system.ts';

const program = fileURLToPath(new URL('../../services/gateway/dist/reconcile.js', import.meta.url));

/** What a person, or a CronJob, runs. */
const reconcile = ({ processes }: System, ...args: string[]) =>
  startProgram(program, args, {
    SERVICE_TOKEN: serviceToken,
    AUTHOR_SERVICE_URL: processes.author.url,
    CONFERENCE_SERVICE_URL: processes.conference.url,
    TIME_SCALE: String(timeScale),
  }).ended;

describe('the reconciler by hand, after one database was restored from an older backup', function () {
  this.timeout(120_000);
  let system: System;
  let client: Client;
  afterEach(async () => {
    client.close();
    await system.stop();
  });

  const times = createTimes({ scale: timeScale });
  const settled = () => v7({ msecs: Date.now() - 2 * times.grace });

  for (const restored of ['author', 'conference'] as const)
    it(`brings the copies together as promised (${restored})`, async () => {
      system = await startSystem({ direct: true, environment: { RECONCILE: 'false' } });
      client = createClient({ gateway: system.gateway });
      const { events, authors } = await populate(client, { events: 40, authors: 60 });
      const pairs = events.flatMap((event) => authors.map((author) => ({ event_id: event.id, author_id: author.id })));
      const { author, conference } = system.databases;
      const plant = async (from: number, to: number) => {
        const claims = pairs.slice(from, to).map((pair) => ({ claim_id: settled(), ...pair }));
        await plantClaims(author.service, 'author', claims);
        await plantClaims(conference.service, 'event', claims);
        return claims.map(({ claim_id }) => claim_id);
      };
      const status = async ({ event_id, author_id }: (typeof pairs)[number]) =>
        (await client.getAttendance(event_id, author_id)).status;

      const early = await plant(0, 900);
      expect(await reconcile(system)).to.deep.include({ code: 0, errors: '' });
      await system.processes[restored].stop();
      const backup = await backUp(system.databases[restored]);
      try {
        await system.processes[restored].start();
        // what happens after the backup: adds, and removes of what is in it
        const late = await plant(900, 2_400);
        for (const pair of pairs.slice(0, 3))
          expect((await client.removeAttendance(pair.event_id, pair.author_id)).status).to.equal(204);
        expect(await status(pairs[900]!)).to.equal(200);

        await Promise.all([system.processes.gateway.stop(), system.processes[restored].stop()]);
        await backup.restore();
        await system.processes[restored].start();
        const before = await copiesOf(system);
        expect(before[restored]).to.deep.equal(early.slice().sort());

        // it does not take the older copy's word for it
        const guarded = await reconcile(system);
        expect(guarded).to.include({ code: 1 });
        expect(guarded.output).to.include('stopped: 1503 of 2397 claims are in one copy only');
        const dry = await reconcile(system, '--dry-run');
        expect(dry.code).to.equal(1);
        expect(dry.output).to.match(/would drop:\n {2}1503 in one copy only\n/);
        // who has to accept it can look at each row before
        const listed = dry.errors.trimEnd().split('\n');
        expect(listed).to.have.lengthOf(1_503);
        expect(await copiesOf(system)).to.deep.equal(before);
        const accepted = await reconcile(system, '--accept');
        expect(accepted).to.include({ code: 0 });
        const lines = accepted.errors.trimEnd().split('\n');
        expect(lines).to.have.members(listed);
        expect(JSON.parse(lines[0]!)).to.include.keys('copy', 'claim_id', 'event_id', 'author_id', 'reason');
        expect(accepted.output).to.match(/dropped:\n {2}1503 in one copy only\n/);

        await system.processes.gateway.start();
        const after = await copiesOf(system);
        expect(after.author).to.deep.equal(after.conference);
        expect(after.author).to.deep.equal(early.slice(3).sort());
        // removed stays removed, added since the backup is lost, all else is there
        expect(await status(pairs[0]!)).to.equal(404);
        expect(await status(pairs[900]!)).to.equal(404);
        expect(await status(pairs[899]!)).to.equal(200);
        expect(late).to.have.lengthOf(1_500);
        expect(await reconcile(system)).to.deep.include({ code: 0, errors: '' });
      } finally {
        await backup.drop();
      }
    });

  it('does not take an empty database for the other copy', async () => {
    system = await startSystem({ direct: true, environment: { RECONCILE: 'false' } });
    client = createClient({ gateway: system.gateway });
    const { event, authors } = await populate(client, { authors: 5 });
    const { author, conference } = system.databases;
    const claims = authors.map(({ id }) => ({ claim_id: settled(), event_id: event.id, author_id: id }));
    await plantClaims(author.service, 'author', claims);
    await plantClaims(conference.service, 'event', claims);
    expect(await reconcile(system)).to.include({ code: 0, errors: '' });
    const before = await copiesOf(system);

    const service = system.processes.conference;
    const empty = await createTestDatabase('conference', conferenceMigrations);
    try {
      await service.stop();
      await service.start(databaseVariables(empty.service));
      const guarded = await reconcile(system);
      expect(guarded).to.include({ code: 1, errors: '' });
      expect(guarded.output).to.match(/^stopped: the author database knows .*, not .*$/m);
      const dry = await reconcile(system, '--dry-run');
      expect(dry.output).to.match(/^ {2}5 in one copy only, since their event or author is deleted$/m);
      const listed = dry.errors.trimEnd().split('\n');
      expect(listed.map((line) => JSON.parse(line) as object)).to.have.deep.members(
        claims.map((claim) => ({ copy: 'author', ...claim, reason: 'entity_deleted' })),
      );
      await service.stop();
      await service.start(databaseVariables(conference.service));
    } finally {
      await dropTestDatabase(empty);
    }
    expect(await reconcile(system)).to.include({ code: 0, errors: '' });
    expect(await copiesOf(system)).to.deep.equal(before);
  });

  it('says what is wrong with its arguments, its environment and its answers', async () => {
    system = await startSystem({ direct: true, environment: { RECONCILE: 'false' } });
    client = createClient({ gateway: system.gateway });
    const help = await reconcile(system, '--help');
    expect(help).to.include({ code: 0, errors: '' });
    const both = await reconcile(system, '--dry-run', '--accept');
    expect(both).to.deep.equal({ code: 1, output: '', errors: `--dry-run or --accept, not both\n\n${help.output}` });
    for (const wrong of ['--force', '--accept=yes', 'now']) {
      const { code, output, errors } = await reconcile(system, wrong);
      expect({ code, output }).to.deep.equal({ code: 1, output: '' });
      // what is wrong, and no trace of where that was found
      const [message, rest] = errors.split(/\n\n([^]*)/);
      expect(message).to.match(/option '--force'|'--accept' does not take|argument 'now'/i);
      expect(message).to.not.match(/\n/);
      expect(rest).to.equal(help.output);
    }
    await system.processes.author.stop();
    const unanswered = await reconcile(system);
    expect(unanswered).to.include({ code: 2, errors: '' });
    expect(unanswered.output).to.include('no answer');
  });
});
