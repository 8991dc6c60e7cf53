import { maxBatch } from '../../operation.ts';
import { isFailure } from '../../outcome.ts';
import { equal, holds, present } from './assert.ts';
import { names, request_ids, type Checks } from './given.ts';

const newPeer = () => crypto.randomUUID();

/** What the reconciler requires of a copy that is asked which database it is, and is introduced to its peer. */
export const identity: Checks = {
  // first: a database that remembers a peer never forgets that it does
  'remembers one of several peers that it is introduced to at once, if none is to be replaced': async (given) => {
    const { copy, identify } = given;
    const { database } = await identify();
    const peers = Array.from({ length: 6 }, newPeer);
    const introduce = async (peer: string): Promise<string[]> => {
      // in batches that take a while, and on connections that exist already, so that they meet
      const item = { database, peer, replace: false, request_ids };
      try {
        return names(await copy.introduce(Array.from({ length: maxBatch }, () => item)));
      } catch (error) {
        // on a busy machine one may wait for the others for too long
        if (isFailure(error) && error.outcome === 'not_executed') return introduce(peer);
        throw error;
      }
    };
    await Promise.all(peers.map(identify));
    const answers = await Promise.all(peers.map(introduce));
    const { peer } = await identify();
    // it is none of these if the gateway of a running system was first
    holds(peer !== null, 'a peer is remembered');
    equal(
      answers,
      peers.map((one) => [one === peer ? 'introduced' : 'refused']),
    );
  },

  'identifies itself, and what is stable by its own clock': async ({ copy, times, claimId }) => {
    const earliest = claimId(times.graceMs + 5_000);
    const [one, other] = (await copy.identify([{ request_ids }, { request_ids }])).map(present);
    equal(one?.database, other?.database, 'the database');
    const stableBefore = present(one).stable_before;
    holds(stableBefore > earliest, 'stable_before is not much older than the grace period');
    holds(stableBefore < claimId(times.graceMs - 5_000), 'stable_before is not much younger than the grace period');
  },

  'remembers the peer that it is introduced to, and replaces it only if asked to': async ({ copy, identify }) => {
    const { database, peer: before } = await identify();
    const [peer, another] = [newPeer(), newPeer()];
    const introduce = async (more: object) =>
      names(await copy.introduce([{ database, peer, replace: false, request_ids, ...more }]));
    equal(await introduce({ database: newPeer(), replace: true }), ['refused']);
    equal((await identify()).peer, before, 'the peer');
    equal(await introduce({ replace: true }), ['introduced']);
    equal((await identify()).peer, peer, 'the peer');
    equal(await introduce({}), ['introduced']);
    equal(await introduce({ peer: another }), ['refused']);
    equal((await identify()).peer, peer, 'the peer');
    equal(await introduce({ peer: another, replace: true }), ['introduced']);
    equal((await identify()).peer, another, 'the peer');
  },

  'remembers one of several peers that replace each other at once, and refuses the others': async (given) => {
    const { copy, identify } = given;
    const { database } = await identify();
    await copy.introduce([{ database, peer: newPeer(), replace: true, request_ids }]);
    const peers = Array.from({ length: 6 }, newPeer);
    await Promise.all(peers.map((peer) => copy.introduce([{ database, peer, replace: true, request_ids }])));
    const peer = present((await identify()).peer);
    holds(
      peers.some((one) => one === peer),
      'the peer is one of them',
    );
    const item = { database, replace: false, request_ids };
    equal(
      await copy.introduce([
        { ...item, peer },
        { ...item, peer: newPeer() },
      ]),
      [{ outcome: 'introduced' }, { outcome: 'refused' }],
    );
  },
};
