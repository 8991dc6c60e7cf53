import { expect } from 'chai';
import { NotExecuted } from '../../src/outcome.ts';
import { atOnce, createGateway, times, watch } from './createGateway.ts';
import { left, pair, right } from './samples.ts';

describe('add, its withdrawal and its deadline', () => {
  it('answers before its withdrawal has ended; idle waits for the withdrawal', async () => {
    const gateway = createGateway();
    gateway.left.insertClaims.reply(() => ({ outcome: 'accepted', entity: left, claims: [] }));
    gateway.right.insertClaims.reply(() => ({ outcome: 'entity_not_found' }));
    const answer = await atOnce(gateway, gateway.relation.add(pair, 'request-1'));
    expect(answer).to.deep.equal({ outcome: 'entity_not_found', missing: ['right'] });

    const idle = watch(gateway.relation.idle());
    await gateway.clock.runTurns();
    expect(gateway.left.retireClaims.calls).to.have.length(1);
    expect(idle.done).to.equal(false);
    expect(gateway.counted.withdrawn).to.deep.equal([]);

    gateway.left.retireClaims.calls[0]!.resolve([{ outcome: 'retired' }]);
    await gateway.clock.runTurns();
    expect(idle.done).to.equal(true);
    expect(gateway.counted.withdrawn).to.deep.equal(['retired']);
  });

  it('counts a withdrawal without an answer as unknown', async () => {
    const gateway = createGateway();
    gateway.left.insertClaims.reply(() => ({ outcome: 'entity_not_found' }));
    gateway.right.insertClaims.reply(() => ({ outcome: 'accepted', entity: right, claims: [] }));
    await atOnce(gateway, gateway.relation.add(pair, 'request-1'));
    const idle = watch(gateway.relation.idle());
    await gateway.clock.advance(times.callMs - 1);
    expect(idle.done).to.equal(false);
    await gateway.clock.advance(1);
    expect(idle.done).to.equal(true);
    expect(gateway.counted.withdrawn).to.deep.equal(['unknown']);
  });

  it('is idle at once if nothing is withdrawn', async () => {
    const gateway = createGateway();
    await atOnce(gateway, gateway.relation.idle());
  });

  it('waits for the second outcome after a first refusal', async () => {
    const gateway = createGateway();
    gateway.right.insertClaims.reply(() => ({ outcome: 'entity_locked' }));
    const added = gateway.relation.add(pair, 'request-1');
    const answered = watch(added);
    await gateway.clock.advance(1_500);
    expect(answered.done).to.equal(false);
    gateway.left.insertClaims.calls[0]!.resolve([{ outcome: 'entity_not_found' }]);
    expect(await atOnce(gateway, added)).to.deep.equal({ outcome: 'entity_not_found', missing: ['left'] });
    expect(gateway.left.retireClaims.calls).to.have.length(0);
  });

  it('answers at the deadline, and withdraws the claim from the copy that has not answered', async () => {
    const gateway = createGateway();
    gateway.right.insertClaims.reply(new NotExecuted('refused'));
    const added = gateway.relation.add(pair, 'request-1');
    const answered = watch(added);
    await gateway.clock.advance(times.callMs - 1);
    expect(answered.done).to.equal(false);
    await gateway.clock.advance(1);
    expect((await atOnce(gateway, added)).outcome).to.equal('not_executed');
    expect(gateway.left.retireClaims.calls[0]!.items[0]!.claim_ids).to.deep.equal(gateway.ids);
    expect(gateway.right.retireClaims.calls).to.have.length(0);
  });

  it('withdraws nothing at the deadline if no copy has refused, also after a later refusal', async () => {
    const gateway = createGateway();
    gateway.left.insertClaims.reply(() => ({ outcome: 'accepted', entity: left, claims: [] }));
    const added = gateway.relation.add(pair, 'request-1');
    await gateway.clock.advance(times.callMs);
    expect((await atOnce(gateway, added)).outcome).to.equal('unknown');
    gateway.right.insertClaims.calls[0]!.resolve([{ outcome: 'entity_locked' }]);
    await gateway.clock.advance(times.requestMs);
    expect(gateway.left.retireClaims.calls).to.have.length(0);
    expect(gateway.right.retireClaims.calls).to.have.length(0);
  });

  it('reports a failed withdrawal with its request id', async () => {
    const gateway = createGateway();
    gateway.left.insertClaims.reply(() => ({ outcome: 'accepted', entity: left, claims: [] }));
    gateway.right.insertClaims.reply(new NotExecuted('refused'));
    gateway.left.retireClaims.reply(new NotExecuted('refused too'));
    expect((await atOnce(gateway, gateway.relation.add(pair, 'request-1'))).outcome).to.equal('not_executed');
    await atOnce(gateway, gateway.relation.idle());
    expect(gateway.counted.stranded).to.deep.equal([{ request_ids: ['request-1'], reason: 'refused too' }]);
  });
});
