import { expect } from 'chai';
import { withinDeadline } from '../../src/gateway/withinDeadline.ts';
import { atOnce, createGateway, times, type Gateway } from './createGateway.ts';
import { left, newId, pair, right } from './samples.ts';

const page = { id: newId(), after: null, limit: 10 };
const claims = [newId()];

/** Each composed read, and a function that answers its last call. */
const reads: [
  name: string,
  read: (gateway: Gateway) => Promise<{ outcome: string }>,
  answerLast: (gateway: Gateway) => void,
][] = [
  [
    'pair read',
    ({ relation }) => relation.read(pair, 'request-1'),
    (gateway) => gateway.left.readPairs.calls[0]!.resolve([{ outcome: 'found', entity: left, claims }]),
  ],
  [
    'remove',
    ({ relation }) => relation.remove(pair, 'request-1'),
    (gateway) => gateway.left.readPairs.calls[0]!.resolve([{ outcome: 'found', entity: left, claims }]),
  ],
  [
    'list by right',
    ({ relation }) => relation.listByRight(page, 'request-1'),
    (gateway) => gateway.left.listByOther.calls[0]!.resolve([{ outcome: 'found', pairs: [], more: false }]),
  ],
  [
    'list by left',
    ({ relation }) => relation.listByLeft(page, 'request-1'),
    (gateway) => gateway.left.listByOwn.calls[0]!.resolve([{ outcome: 'found', entity: left, pairs: [], more: false }]),
  ],
];

function createRightAnswering() {
  const gateway = createGateway();
  gateway.right.readPairs.reply(() => ({ outcome: 'found', entity: right, claims }));
  gateway.right.listByOwn.reply(() => ({ outcome: 'found', entity: right, pairs: [], more: false }));
  gateway.right.listByOther.reply(() => ({ outcome: 'found', pairs: [], more: false }));
  gateway.right.retireClaims.reply(() => ({ outcome: 'retired' }));
  return gateway;
}

describe('a composed read in a process that was suspended', () => {
  for (const [name, read, answerLast] of reads) {
    it(`${name}: is answered if it took requestMs`, async () => {
      const gateway = createRightAnswering();
      const answer = read(gateway);
      await gateway.clock.runTurns();
      gateway.clock.suspend(times.requestMs);
      answerLast(gateway);
      expect((await atOnce(gateway, answer)).outcome).to.be.oneOf(['visible', 'removed', 'found']);
    });

    it(`${name}: is not_executed if it took longer`, async () => {
      const gateway = createRightAnswering();
      const answer = read(gateway);
      await gateway.clock.runTurns();
      gateway.clock.suspend(times.requestMs + 1);
      answerLast(gateway);
      expect((await atOnce(gateway, answer)).outcome).to.equal('not_executed');
      expect(gateway.right.retireClaims.calls).to.have.length(0);
    });
  }

  it('returns the result of the read', async () => {
    const gateway = createGateway();
    const result = await withinDeadline(gateway.environment, times, () =>
      Promise.resolve({ outcome: 'absent' as const }),
    );
    expect(result).to.deep.equal({ outcome: 'absent' });
  });
});
