import { equal, present } from './assert.ts';
import { request_ids, type Checks } from './given.ts';

const page = (id: string, limit: number, after: string | null = null) => ({ id, limit, after, request_ids });

/** What lists require of a copy: the pairs of an own entity. */
export const listByOwn: Checks = {
  'pages through the other ids in order, each with all of its claims': async (given) => {
    const { subject, copy, entity, ownId, pair, claim, insert, inOtherOrder } = given;
    const others = Array.from({ length: 5 }, () => subject.newOtherId()).sort(inOtherOrder);
    const pairs: { id: string; claims: string[] }[] = [];
    for (const id of others) {
      const items = [claim(pair(ownId, id)), claim(pair(ownId, id))];
      await insert(...items.reverse());
      pairs.push({ id, claims: items.map((item) => item.claim_id).sort() });
    }
    const list = (limit: number, after: string | null = null) => page(ownId, limit, after);
    const [, second, , fourth, last] = others.map((id) => id);
    const outcomes = await copy.listByOwn([
      list(2),
      list(2, present(second)),
      list(3, present(second)),
      list(2, present(fourth)),
      list(5),
      list(2, present(last)),
    ]);
    const found = (from: number, to: number, more: boolean) => ({
      outcome: 'found',
      entity,
      pairs: pairs.slice(from, to),
      more,
    });
    equal(outcomes, [
      ...[found(0, 2, true), found(2, 4, true), found(2, 5, false), found(4, 5, false), found(0, 5, false)],
      found(5, 5, false),
    ]);
  },

  'leaves out retired claims, and pairs that have no other': async (given) => {
    const { subject, copy, entity, ownId, otherId, pair, claim, retirement, insert, retire, insertMany } = given;
    const [a = '', b = ''] = await insertMany(2);
    const gone = pair(ownId, subject.newOtherId());
    const item = claim(gone);
    await insert(item);
    await retire(retirement([a]), retirement([item.claim_id], gone));
    equal(await copy.listByOwn([page(ownId, 10)]), [
      { outcome: 'found', entity, pairs: [{ id: otherId, claims: [b] }], more: false },
    ]);
  },

  'distinguishes an entity without pairs from one that does not exist': async ({ subject, copy, entity, ownId }) => {
    equal(await copy.listByOwn([page(ownId, 10), page(subject.newOwnId(), 10)]), [
      { outcome: 'found', entity, pairs: [], more: false },
      { outcome: 'entity_not_found' },
    ]);
  },
};

/** What lists require of a copy: the pairs of an entity of the other side. */
export const listByOther: Checks = {
  'pages through the own entities in order, each whole and with all of its claims': async (given) => {
    const { subject, copy, entity, ownId, otherId, pair, claim, insert, inOwnOrder } = given;
    const entities = [{ id: ownId, entity }];
    while (entities.length < 5) entities.push(await subject.createEntity());
    entities.sort((a, b) => inOwnOrder(a.id, b.id));
    const items = entities.map(({ id }) => claim(pair(id)));
    await insert(...items);
    const [, second, , fourth] = entities;
    const extra = claim(pair(present(second).id));
    await insert(extra);
    const pairs = entities.map((own, i) => ({
      ...own,
      claims: [present(items[i]).claim_id, ...(i === 1 ? [extra.claim_id] : [])].sort(),
    }));
    const list = (limit: number, after: string | null = null) => page(otherId, limit, after);
    const outcomes = await copy.listByOther([
      list(2),
      list(2, present(second).id),
      list(1, present(fourth).id),
      list(5),
    ]);
    const found = (from: number, to: number, more: boolean) => ({
      outcome: 'found',
      pairs: pairs.slice(from, to),
      more,
    });
    equal(outcomes, [found(0, 2, true), found(2, 4, true), found(4, 5, false), found(0, 5, false)]);
  },

  'gives no pairs for an id that it has never seen: it cannot know whether the entity exists': async (given) => {
    const { subject, copy } = given;
    equal(await copy.listByOther([page(subject.newOtherId(), 10)]), [{ outcome: 'found', pairs: [], more: false }]);
  },

  'leaves out retired claims and deleted entities': async (given) => {
    const { subject, copy, otherId, pair, claim, retirement, insert, retire, insertMany } = given;
    const other = await subject.createEntity();
    const claims = await insertMany(1);
    await insert(claim(pair(other.id)));
    await retire(retirement(claims));
    await subject.deleteEntity(other.id);
    equal(await copy.listByOther([page(otherId, 10)]), [{ outcome: 'found', pairs: [], more: false }]);
  },
};
