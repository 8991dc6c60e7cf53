import type { Listed } from '../../gateway/list.ts';
import type { Pair } from '../../relation.ts';
import type { ClientList, Named, PageRead, SimulatedRelation } from './clientList.ts';

/** The two lists of every relation: by left, of right entities; and by right. */
export const relationLists: Record<'left' | 'right', ClientList<SimulatedRelation>> = {
  left: {
    of: 'left',
    keys: 'right',
    read: async (relation, page, requestId) =>
      pageOf(await relation.listByLeft(page, requestId), (right) => ({ left: page.id, right })),
  },
  right: {
    of: 'right',
    keys: 'left',
    read: async (relation, page, requestId) =>
      pageOf(await relation.listByRight(page, requestId), (left) => ({ left, right: page.id })),
  },
};

function pageOf(listed: Listed<Named, Named>, pairWith: (id: string) => Pair): PageRead {
  if (listed.outcome !== 'found') return listed;
  const items = listed.items.map(({ id }) => ({ key: id, pairs: [pairWith(id)] }));
  return { outcome: 'found', id: listed.entity.id, items, next: listed.next };
}
