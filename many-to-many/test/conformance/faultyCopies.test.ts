import { expect } from 'chai';
import type { Copy } from '../../src/operations.ts';
import { conformance } from '../../src/testing/conformance/conformance.ts';
import { createMemorySubject } from './memorySubject.ts';

type Entity = { id: string };
type Faulty = Partial<Copy<Entity>>;

/** Faulty copies, each with a conformance test that it must fail. */
const faults: Record<string, [make: (copy: Copy<Entity>) => Faulty, test: RegExp]> = {
  'accepts claims without keeping them': [
    (copy) => ({
      insertClaims: async (items) => {
        const outcomes = await copy.insertClaims(items);
        await copy.retireClaims(
          items.map(({ claim_id, ...item }) => ({ ...item, claim_ids: [claim_id], remove_id: null })),
        );
        return outcomes;
      },
    }),
    /^insertClaims: accepts a claim/,
  ],
  'accepts expired claims': [
    (copy) => ({
      insertClaims: async (items) =>
        (await copy.insertClaims(items)).map((outcome) =>
          outcome.outcome === 'expired' ? { outcome: 'accepted', entity: { id: '' }, claims: [] } : outcome,
        ),
    }),
    /^insertClaims: refuses a claim that is too old/,
  ],
  'returns another entity': [
    (copy) => ({
      readPairs: async (items) =>
        (await copy.readPairs(items)).map((outcome) =>
          outcome.outcome === 'found' ? { ...outcome, entity: { id: 'another' } } : outcome,
        ),
    }),
    /^readPairs: gives the entity/,
  ],
  'returns outcomes out of order': [
    (copy) => ({ readPairs: async (items) => (await copy.readPairs(items)).reverse() }),
    /^readPairs: .* in the order asked/,
  ],
  'leaves no tombstone of a claim that has not arrived': [
    (copy) => ({
      retireClaims: async (items) => {
        const outcomes = await copy.readPairs(
          items.map(({ left, right, request_ids }) => ({ left, right, request_ids })),
        );
        const arrived = outcomes.some(
          (outcome, i) =>
            outcome.outcome === 'found' && items[i]!.claim_ids.some((claim) => outcome.claims.includes(claim)),
        );
        return arrived ? copy.retireClaims(items) : items.map(() => ({ outcome: 'retired' }));
      },
    }),
    /^retireClaims: keeps a claim out that arrives after its withdrawal/,
  ],
  'lists in the wrong order': [
    (copy) => ({
      listByOwn: async (items) =>
        (await copy.listByOwn(items)).map((outcome) =>
          outcome.outcome === 'found' ? { ...outcome, pairs: [...outcome.pairs].reverse() } : outcome,
        ),
    }),
    /^listByOwn: pages through/,
  ],
  'returns every page as the last': [
    (copy) => ({
      listByOther: async (items) => (await copy.listByOther(items)).map((outcome) => ({ ...outcome, more: false })),
    }),
    /^listByOther: pages through/,
  ],
  'treats an entity that is being deleted as deleted': [
    (copy) => ({
      insertClaims: async (items) =>
        (await copy.insertClaims(items)).map((outcome) =>
          outcome.outcome === 'entity_locked' ? { outcome: 'entity_not_found' } : outcome,
        ),
    }),
    /^while an entity is being deleted: answers entity_locked/,
  ],
  'replaces its peer': [
    (copy) => ({ introduce: (items) => copy.introduce(items.map((item) => ({ ...item, replace: true }))) }),
    /^identify and introduce: remembers the peer/,
  ],
  'omits a claim from the count of a digest': [
    (copy) => ({
      digestClaims: async (items) =>
        (await copy.digestClaims(items)).map((outcome) => ({ ...outcome, count: Math.max(0, outcome.count - 1) })),
    }),
    /^digestClaims: digests ranges/,
  ],
  'omits the first claim of a range': [
    (copy) => ({
      listClaims: async (items) =>
        (await copy.listClaims(items)).map((outcome) => ({ ...outcome, claims: outcome.claims.slice(1) })),
    }),
    /^listClaims: lists ranges/,
  ],
  'counts claims that are not stable as surplus': [
    (copy) => ({
      listSurplus: (items) => copy.listSurplus(items.map((item) => ({ ...item, stable_before: 'g' }))),
    }),
    /^listSurplus: counts neither/,
  ],
  'reads claims for any database': [
    (copy) => ({
      readClaims: async (items) => {
        const [identity] = await copy.identify([{ request_ids: ['faulty'] }]);
        return copy.readClaims(items.map((item) => ({ ...item, database: identity!.database })));
      },
    }),
    /^readClaims: reads/,
  ],
  'drops claims for any database': [
    (copy) => ({
      dropClaims: async (items) => {
        const [identity] = await copy.identify([{ request_ids: ['faulty'] }]);
        const { database, peer } = identity!;
        return copy.dropClaims(items.map((item) => ({ ...item, database, peer: peer! })));
      },
    }),
    /^dropClaims: drops nothing on behalf of databases other than itself/,
  ],
};

/** Runs the suite. @returns the titles of the failed tests */
async function failedTests(makeFaulty: (copy: Copy<Entity>) => Faulty): Promise<string[]> {
  const subject = createMemorySubject('left', 'uuid', 'uuid');
  const faulty = { ...subject, copy: { ...subject.copy, ...makeFaulty(subject.copy) } };
  const failed: string[] = [];
  for (const { title, run } of conformance(() => faulty)) await run().catch(() => failed.push(title));
  return failed;
}

describe('the conformance suite', () => {
  for (const [fault, [makeFaulty, test]] of Object.entries(faults))
    it(`fails a copy that ${fault}`, async () => {
      const failed = await failedTests(makeFaulty);
      expect(
        failed.some((title) => test.test(title)),
        failed.join('\n'),
      ).to.equal(true);
    });

  it('fails with the expected and the actual value', async () => {
    const subject = createMemorySubject('left', 'uuid', 'uuid');
    const copy: Copy<Entity> = { ...subject.copy, listByOther: () => Promise.resolve([]) };
    const test = conformance(() => ({ ...subject, copy })).find(({ title }) => title.includes('never seen'))!;
    const error: unknown = await test.run().catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(Error);
    expect(error).to.deep.include({
      actual: [],
      expected: [{ outcome: 'found', pairs: [], more: false }],
      showDiff: true,
    });
    expect((error as Error).message).to.equal(
      'the outcomes must be [{"outcome":"found","pairs":[],"more":false}], not []',
    );
  });

  it('has unique titles', () => {
    const titles = conformance(() => createMemorySubject('left', 'uuid', 'uuid')).map(({ title }) => title);
    expect(new Set(titles).size).to.equal(titles.length);
  });
});
