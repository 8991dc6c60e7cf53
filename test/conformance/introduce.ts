import { maxBatch } from '@attendance/common/contract/batch';
import { NotExecuted } from '@attendance/gateway-service/protocol/failures';
import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from './owner.ts';

const request_ids = ['conformance'];

/** How the two databases come to know each other. */
export function describeIntroduce(getSubject: () => OwnerUnderTest) {
  describe('identify and introduce', () => {
    let subject: OwnerUnderTest;
    beforeEach(() => {
      subject = getSubject();
    });

    const identify = async () => (await subject.owner.identify([{ request_ids }]))[0]!;

    // before all others: a database that knows a peer never forgets that it does
    it('remembers one of several peers that it is introduced to at once, where none is to be replaced', async () => {
      const { database } = await identify();
      const peers = Array.from({ length: 6 }, () => v7());
      const introduce = async (peer: string): Promise<string[]> => {
        // in batches that take a while, and on connections that are there, so that they meet
        const item = { database, peer, replace: false, request_ids };
        try {
          const outcomes = await subject.owner.introduce(Array.from({ length: maxBatch }, () => item));
          return [...new Set(outcomes.map(({ outcome }) => outcome))];
        } catch (error) {
          // on a busy machine one may wait for the others for too long
          if (error instanceof NotExecuted) return introduce(peer);
          throw error;
        }
      };
      await Promise.all(peers.map(identify));
      const told = await Promise.all(peers.map(introduce));
      const { peer } = await identify();
      // not one of these where the gateway of a running system was first
      expect(peer).to.not.equal(null);
      expect(told).to.deep.equal(peers.map((one) => [one === peer ? 'introduced' : 'refused']));
    });

    it('knows itself, and what is settled by its own clock', async () => {
      const [one, other] = await subject.owner.identify([{ request_ids }, { request_ids }]);
      expect(one!.database).to.equal(other!.database);
      expect(one!.settled_before > subject.claimId(subject.times.grace + 5_000)).to.equal(true);
      expect(one!.settled_before < subject.claimId(subject.times.grace - 5_000)).to.equal(true);
    });

    it('remembers the peer that it is introduced to, and another one only where that is to be replaced', async () => {
      const { database, peer: before } = await identify();
      const [peer, another] = [v7(), v7()];
      const introduce = async (more: object) =>
        (await subject.owner.introduce([{ database, peer, replace: false, request_ids, ...more }]))[0]!.outcome;
      expect(await introduce({ database: v7(), replace: true })).to.equal('refused');
      expect((await identify()).peer).to.equal(before);
      expect(await introduce({ replace: true })).to.equal('introduced');
      expect((await identify()).peer).to.equal(peer);
      expect(await introduce({})).to.equal('introduced');
      expect(await introduce({ peer: another })).to.equal('refused');
      expect((await identify()).peer).to.equal(peer);
      expect(await introduce({ peer: another, replace: true })).to.equal('introduced');
      expect((await identify()).peer).to.equal(another);
    });

    it('remembers one of several peers, and tells the others so', async () => {
      const { database } = await identify();
      await subject.owner.introduce([{ database, peer: v7(), replace: true, request_ids }]);
      const peers = Array.from({ length: 6 }, () => v7());
      const introduce = (peer: string) => subject.owner.introduce([{ database, peer, replace: true, request_ids }]);
      await Promise.all(peers.map(introduce));
      const { peer } = await identify();
      expect(peers).to.include(peer);
      const item = { database, replace: false, request_ids };
      const [same, other] = await subject.owner.introduce([
        { ...item, peer: peer! },
        { ...item, peer: v7() },
      ]);
      expect([same!.outcome, other!.outcome]).to.deep.equal(['introduced', 'refused']);
    });
  });
}
