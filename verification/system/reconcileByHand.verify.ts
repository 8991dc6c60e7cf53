import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { expect } from 'chai';
import { readHeldClaims } from '../../test/support/claims.ts';
import { populate } from '../../test/support/gateway.ts';
import { createTestDatabase, dropTestDatabase } from '../../test/support/postgres.ts';
import { plantStable, reconcileByHand } from '../../test/support/reconcile.ts';
import { databaseVariables, useSystem } from '../../test/support/system.ts';

describe('the command reconcile', () => {
  const { system, client } = useSystem({ direct: true, environment: { RECONCILE: 'false' } });

  it('trips if a service has an empty database, and works again with the right one', async () => {
    const { event, authors } = await populate(client, { authors: 5 });
    const pairs = authors.map(({ id }) => ({ event_id: event.id, author_id: id }));
    const claims = await plantStable(system, pairs);
    expect(await reconcileByHand(system)).to.include({ code: 0, errors: '' });
    const before = await readHeldClaims(system);

    const service = system.processes.conference;
    const empty = await createTestDatabase('conference', conferenceMigrations);
    try {
      await service.stop();
      await service.start(databaseVariables(empty.serviceRole));
      const guarded = await reconcileByHand(system);
      expect(guarded).to.include({ code: 1, errors: '' });
      expect(guarded.output).to.match(/^tripped: the right database remembers .*, not .*$/m);
      const dry = await reconcileByHand(system, '--dry-run');
      expect(dry.output).to.match(/^ {2}5 in one copy only, of an event or author that is not in the other database$/m);
      const listed = dry.errors.trimEnd().split('\n');
      expect(listed.map((line) => JSON.parse(line) as object)).to.have.deep.members(
        claims.map((claim) => ({ copy: 'author', ...claim, reason: 'entity_deleted' })),
      );
      await service.stop();
      await service.start(databaseVariables(system.databases.conference.serviceRole));
    } finally {
      await dropTestDatabase(empty);
    }
    expect(await reconcileByHand(system)).to.include({ code: 0, errors: '' });
    expect(await readHeldClaims(system)).to.deep.equal(before);
  });

  it('prints its usage, also for wrong arguments', async () => {
    const help = await reconcileByHand(system, '--help');
    expect(help).to.include({ code: 0, errors: '' });
    const wrong = await reconcileByHand(system, '--dry-run', '--accept');
    expect(wrong).to.deep.equal({ code: 1, output: '', errors: `--dry-run or --accept, not both\n\n${help.output}` });
  });

  it('exits with 2 if the services do not answer', async () => {
    await Promise.all([system.processes.author.stop(), system.processes.conference.stop()]);
    // at this scale, which an answer would refuse, it repeats its calls for 3 seconds at most
    const unanswered = await reconcileByHand({ ...system, scale: 0.1 });
    expect(unanswered).to.include({ code: 2, errors: '' });
    expect(unanswered.output).to.include('no answer');
  });
});
