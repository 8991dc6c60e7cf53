import { expect } from 'chai';
import fc from 'fast-check';
import { createRelation, type ComposedRelation } from '../../src/createRelation.ts';
import { ids } from '../../src/ids.ts';
import { createRegistrationCopy, registration, type Entity, type RegistrationCopy } from './registration.ts';

type Registration = ComposedRelation<Entity, Entity>;

/** Reads all pages of a list. */
async function readAllPages(list: Registration['listByLeft'], id: string, limit: number): Promise<string[]> {
  const listed: string[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const page = await list({ id, after: after ?? null, limit }, 'lists');
    if (page.outcome !== 'found') throw new Error(page.outcome);
    listed.push(...page.items.map((item) => item.id));
    after = page.next;
  }
  return listed;
}

const seminar = fc.oneof(fc.bigInt(1n, 2n ** 63n - 2n), fc.bigInt(1n, 2_000n)).map(String);
const student = fc
  .array(fc.constantFrom('a', 'B', 'é', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'), { minLength: 1, maxLength: 4 })
  .map((characters) => characters.join(''));

describe('lists of a relation of bigint and text ids in PostgreSQL', () => {
  let left: RegistrationCopy;
  let right: RegistrationCopy;
  let relation: Registration;
  before(async () => {
    left = await createRegistrationCopy('left');
    right = await createRegistrationCopy('right');
    relation = createRelation(registration, { left: left.copy, right: right.copy });
  });
  after(async () => {
    await left.close();
    await right.close();
  });

  const deleteAll = async () => {
    await left.query({ text: 'DELETE FROM seminars', values: [] });
    await right.query({ text: 'DELETE FROM students', values: [] });
  };
  const create = async (copy: RegistrationCopy, all: string[]) => {
    for (const id of all) await copy.createEntityWith(id);
  };
  const add = async (pair: { left: string; right: string }) =>
    expect((await relation.add(pair, 'lists')).outcome).to.equal('added');

  it('return all students of a seminar once, in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(student, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (students, limit) => {
          await deleteAll();
          await create(left, ['7']);
          await create(right, students);
          await Promise.all(students.map((id) => add({ left: '7', right: id })));
          expect(await readAllPages(relation.listByLeft, '7', limit)).to.deep.equal(
            [...students].sort(ids.text.compare),
          );
        },
      ),
      { numRuns: 25 },
    ));

  it('return all seminars of a student once, in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(seminar, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (seminars, limit) => {
          await deleteAll();
          await create(left, seminars);
          await create(right, ['Ada']);
          await Promise.all(seminars.map((id) => add({ left: id, right: 'Ada' })));
          expect(await readAllPages(relation.listByRight, 'Ada', limit)).to.deep.equal(
            [...seminars].sort(ids.bigint.compare),
          );
        },
      ),
      { numRuns: 25 },
    ));

  it('include pairs of the longest and the largest ids', async () => {
    await deleteAll();
    const pair = { left: String(2n ** 63n - 2n), right: '\u{10ffff}'.repeat(255) };
    await create(left, [pair.left]);
    await create(right, [pair.right]);
    await add(pair);
    expect(await relation.read(pair, 'lists')).to.include({ outcome: 'visible' });
    expect(await readAllPages(relation.listByLeft, pair.left, 1)).to.deep.equal([pair.right]);
    expect(await readAllPages(relation.listByRight, pair.right, 1)).to.deep.equal([pair.left]);
    expect(await relation.remove(pair, 'lists')).to.deep.equal({ outcome: 'removed' });
    expect(await relation.read(pair, 'lists')).to.deep.equal({ outcome: 'absent' });
  });
});
