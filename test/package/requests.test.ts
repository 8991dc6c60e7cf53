import { expect } from 'chai';
import { createRelation, defineRelation, type Call } from 'many-to-many';
import { z } from 'zod';

const enrolment = defineRelation({
  name: 'enrolment',
  left: { name: 'course', id: 'bigint', entity: z.object({ id: z.string() }) },
  right: { name: 'student', entity: z.object({ id: z.string() }) },
});
const student = '0198c0de-0000-7000-8000-000000000001';

interface Item {
  request_ids: string[];
}

/** Creates a relation whose calls fail, and records their items. */
function createFailing() {
  const sent: Item[] = [];
  const call: Call = (_operation, { items }) => {
    sent.push(...items);
    return Promise.resolve({ status: 500, body: {} });
  };
  return { sent, relation: createRelation(enrolment, { left: call, right: call }) };
}

/** Returns the error with which a promise is rejected. */
async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('the promise was not rejected');
}

describe('the arguments of a relation', () => {
  it('of another kind of id find no entity, without a call', async () => {
    const { relation, sent } = createFailing();
    const both = { outcome: 'entity_not_found', missing: ['left', 'right'] };
    expect(await relation.add({ left: student, right: '1' })).to.deep.equal(both);
    const left = { outcome: 'entity_not_found', missing: ['left'] };
    expect(await relation.read({ left: '0', right: student })).to.deep.equal(left);
    const right = { outcome: 'entity_not_found', missing: ['right'] };
    expect(await relation.remove({ left: '1', right: 'nobody' })).to.deep.equal(right);
    expect(await relation.listByLeft({ id: 'x' })).to.deep.equal({ outcome: 'entity_not_found' });
    expect(await relation.listByRight({ id: 'x' })).to.deep.equal({ outcome: 'entity_not_found' });
    expect(sent).to.be.empty;
  });

  it('are sent as canonical ids', async () => {
    const { relation, sent } = createFailing();
    await relation.add({ left: '1', right: student.toUpperCase() });
    for (const item of sent) expect(item).to.include({ left: '1', right: student });
  });

  it('of a page have defaults', async () => {
    const { relation, sent } = createFailing();
    await relation.listByLeft({ id: '1' });
    await relation.listByRight({ id: student, after: '7', limit: 500 });
    expect(sent).to.have.length(4);
    for (const item of sent.slice(0, 2)) expect(item).to.include({ id: '1', after: null, limit: 100 });
    for (const item of sent.slice(2)) expect(item).to.include({ id: student, after: '7', limit: 500 });
  });

  it('include a new request id if none is given', async () => {
    const { relation, sent } = createFailing();
    await relation.read({ left: '1', right: student });
    await relation.read({ left: '1', right: student }, 'request-1');
    const ids = sent.map(({ request_ids }) => request_ids);
    expect(ids[0]).to.deep.equal(ids[1]);
    expect(ids[0]![0]).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(ids.slice(2)).to.deep.equal([['request-1'], ['request-1']]);
  });

  it('of a wrong type are rejected with a message', async () => {
    const { relation, sent } = createFailing();
    const left = await errorOf(relation.add({ right: student } as { left: string; right: string }));
    expect(left).to.be.instanceOf(TypeError).with.property('message', 'left must be a string (got undefined)');
    const limit = await errorOf(relation.listByLeft({ id: '1', limit: 501 }));
    expect(limit)
      .to.be.instanceOf(RangeError)
      .with.property('message', 'limit must be a whole number from 1 to 500 (got 501)');
    const after = await errorOf(relation.listByLeft({ id: '1', after: 'x' }));
    expect(after).to.be.instanceOf(RangeError).with.property('message', 'after must be an id (got "x")');
    const requestId = await errorOf(relation.read({ left: '1', right: student }, 'a b'));
    expect(requestId)
      .to.be.instanceOf(RangeError)
      .with.property('message', 'requestId must match ^[A-Za-z0-9._-]{1,64}$ (got "a b")');
    expect(sent).to.be.empty;
  });
});
