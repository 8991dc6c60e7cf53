import type { Pair } from '../../relation.ts';
import { equal, holds, present } from './assert.ts';
import { request_ids, type Checks, type Given } from './given.ts';
import type { PlantedClaim } from './subject.ts';

/** The range that begins with the first of these claims, and holds all claims that the test has planted. */
const allOf = ([first]: PlantedClaim[], { age, claimId }: Given) => ({
  from: present(first).claim_id,
  to: claimId(age - 50_000),
});

const sumOf = (claims: PlantedClaim[]) =>
  String(claims.reduce((sum, { claim_id }) => sum + BigInt.asIntN(64, lastEightBytes(claim_id)), 0n));
const lastEightBytes = (id: string) => BigInt(`0x${id.replaceAll('-', '').slice(-16)}`);

const digest = (claims: PlantedClaim[], end: string | null = null) => ({
  outcome: 'found',
  count: claims.length,
  sum: sumOf(claims),
  end,
});

/** Plants a retired claim, of a pair of its own, among the claims of the test. */
const plantTombstone = ({ subject, age, ownId, claimId, pair }: Given, younger: number) =>
  subject.plant([{ claim_id: claimId(age - younger), ...pair(ownId, subject.newOtherId()), retired: true }]);

/** What the reconciler requires of a copy's digests. */
export const digestClaims: Checks = {
  'digests ranges, from their beginning to before their end': async (given) => {
    const claims = await given.plant(5);
    const { from, to } = allOf(claims, given);
    const [, second, , fourth] = claims.map(({ claim_id }) => claim_id);
    const items = [
      { from, to },
      { from: present(second), to: present(fourth) },
      { from: to, to: from },
    ].map((range) => ({ ...range, claims: 10, request_ids }));
    equal(await given.copy.digestClaims(items), [digest(claims), digest(claims.slice(1, 3)), digest([])]);
  },

  'looks at no more claims than it may, and says where it stopped': async (given) => {
    const claims = await given.plant(5);
    const items = [2, 4, 5, 6].map((most) => ({ ...allOf(claims, given), claims: most, request_ids }));
    equal(await given.copy.digestClaims(items), [
      digest(claims.slice(0, 2), present(claims[2]).claim_id),
      digest(claims.slice(0, 4), present(claims[4]).claim_id),
      digest(claims),
      digest(claims),
    ]);
  },

  'leaves out retired claims': async (given) => {
    const claims = await given.plant(3);
    await plantTombstone(given, 1.5);
    await plantTombstone(given, 7);
    const items = [{ ...allOf(claims, given), claims: 10, request_ids }];
    equal(await given.copy.digestClaims(items), [digest(claims)]);
  },
};

/** What the reconciler requires of a copy that lists claims. */
export const listClaims: Checks = {
  'lists ranges in order, each claim with its pair, and leaves out retired ones': async (given) => {
    const claims = [...(await given.plant(3)), ...(await given.plant(2))];
    claims.sort((a, b) => (a.claim_id < b.claim_id ? -1 : 1));
    await plantTombstone(given, 1.5);
    await plantTombstone(given, 9);
    const range = allOf(claims, given);
    const items = [
      { ...range, limit: 10 },
      { ...range, limit: 2 },
      { from: range.to, to: range.from, limit: 1 },
    ].map((item) => ({ ...item, request_ids }));
    equal(await given.copy.listClaims(items), [
      { outcome: 'found', claims },
      { outcome: 'found', claims: claims.slice(0, 2) },
      { outcome: 'found', claims: [] },
    ]);
  },
};

/** Pages through the pairs that have surplus claims. @returns those of the test's entity */
async function listAllSurplus(given: Given, claims: number, stable_before = given.claimId(given.age - 50_000)) {
  const pairs: Pair[] = [];
  for (let after: Pair | null | undefined; after !== null;) {
    const [page] = await given.copy.listSurplus([{ after: after ?? null, stable_before, claims, request_ids }]);
    holds(present(page).pairs.length <= claims, 'a page has no more pairs than the claims that it looks at');
    pairs.push(...present(page).pairs);
    after = present(page).next;
  }
  return pairs.filter((pair) => pair[given.subject.side.side] === given.ownId);
}

/** What the reconciler requires of a copy that lists surplus claims. */
export const listSurplus: Checks = {
  'lists the pairs with more than one stable claim, in order, however small its pages': async (given) => {
    const { subject, ownId, pair, plant, inOtherOrder } = given;
    const [first = '', second = '', third = '', fourth = ''] = Array.from({ length: 4 }, () =>
      subject.newOtherId(),
    ).sort(inOtherOrder);
    for (const other of [first, third]) await plant(3, other);
    for (const other of [second, fourth]) await plant(1, other);
    for (const claims of [1, 2, 3, 1000])
      equal(await listAllSurplus(given, claims), [pair(ownId, first), pair(ownId, third)]);
  },

  'counts neither retired claims nor those that are not stable': async (given) => {
    const { subject, age, ownId, otherId, pair, claimId, plant } = given;
    const [claim] = await plant(1, otherId);
    await subject.plant([
      { claim_id: claimId(age - 1), ...pair(), retired: true },
      { claim_id: claimId(age - 60_000), ...pair() },
    ]);
    equal(await listAllSurplus(given, 10), []);
    equal(await listAllSurplus(given, 10, claimId(0)), [pair(ownId, otherId)]);
    equal(await listAllSurplus(given, 10, present(claim).claim_id), []);
  },
};
