import type { ItemOf } from '../../operation.ts';
import type { CopyOperations } from '../../operations.ts';
import { equal, present } from './assert.ts';
import { eachName, request_ids, type Checks, type Given } from './given.ts';

type DropItem = ItemOf<CopyOperations<unknown>['dropClaims']>;

const newDatabase = () => crypto.randomUUID();

/** Introduces the copy to a new peer, and gives a function that drops claims in the name of the two. */
async function introduced({ copy, identify }: Given) {
  const { database } = await identify();
  const peer = newDatabase();
  await copy.introduce([{ database, peer, replace: true, request_ids }]);
  return async (...items: (Partial<DropItem> & { claim_id: string })[]) =>
    eachName(await copy.dropClaims(items.map((item) => ({ database, peer, request_ids, ...item }))));
}

/** What the reconciler requires of a copy that is asked for the claims of pairs. */
export const readClaims: Checks = {
  'reads what is held of a pair, in the database that is meant and in no other': async (given) => {
    const { subject, copy, age, ownId, otherId, pair, claimId, plant, identify } = given;
    const claims = await plant(2, otherId);
    await subject.plant([{ claim_id: claimId(age - 7), ...pair(), retired: true }]);
    const { database } = await identify();
    const unknown = pair(subject.newOwnId());
    const items = [
      { ...pair(), database },
      { ...pair(ownId, subject.newOtherId()), database },
      { ...unknown, database },
      { ...pair(), database: newDatabase() },
      { ...unknown, database: newDatabase() },
    ].map((item) => ({ ...item, request_ids }));
    equal(await copy.readClaims(items), [
      { outcome: 'found', claims: claims.map(({ claim_id }) => claim_id) },
      { outcome: 'found', claims: [] },
      { outcome: 'entity_not_found', marked: false },
      { outcome: 'other_database' },
      { outcome: 'other_database' },
    ]);
  },
};

/** What the reconciler requires of a copy that is asked to drop claims. */
export const dropClaims: Checks = {
  'drops the claims that are there, and no others': async (given) => {
    const { age, otherId, claimId, plant, held } = given;
    const drop = await introduced(given);
    const [a, b, c] = (await plant(3, otherId)).map(({ claim_id }) => ({ claim_id }));
    const outcomes = await drop(present(a), { claim_id: claimId(age - 20) }, present(c));
    equal(outcomes, ['dropped', 'absent', 'dropped']);
    equal(await drop(present(a)), ['absent']);
    equal(await held(), [b?.claim_id]);
  },

  'drops nothing that is not older than the grace period': async (given) => {
    const { subject, times, pair, claimId, held } = given;
    const drop = await introduced(given);
    const [young, old] = [claimId(times.graceMs / 2), claimId(times.graceMs + 5_000)];
    await subject.plant([young, old].map((claim_id) => ({ claim_id, ...pair() })));
    equal(await drop({ claim_id: young }, { claim_id: old }), ['not_stable', 'dropped']);
    equal(await held(), [young]);
  },

  'drops nothing on behalf of databases other than itself and its peer': async (given) => {
    const { otherId, plant, held } = given;
    const drop = await introduced(given);
    const { claim_id } = present((await plant(1, otherId))[0]);
    const outcomes = await drop({ claim_id, database: newDatabase() }, { claim_id, peer: newDatabase() });
    equal(outcomes, ['other_database', 'other_database']);
    equal(await held(), [claim_id]);
  },

  'leaves tombstones alone': async (given) => {
    const { subject, age, pair, claimId } = given;
    const drop = await introduced(given);
    const tombstone = { claim_id: claimId(age), ...pair(), retired: true };
    await subject.plant([tombstone]);
    equal(await drop({ claim_id: tombstone.claim_id }), ['absent']);
  },
};
