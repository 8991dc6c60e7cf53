import type { ComposedRelation } from '../../createRelation.ts';
import type { PageRequest } from '../../gateway/checkRequests.ts';
import type { NotExecuted } from '../../outcome.ts';
import type { Pair, SideName } from '../../relation.ts';

/** An entity, as far as the judge looks at it. */
export interface Named {
  id: string;
}

export type SimulatedRelation = ComposedRelation<Named, Named>;

/** A page of a list: its items in order, each with the pairs that it stands for. */
export type PageRead =
  | { outcome: 'found'; id: string; items: { key: string; pairs: Pair[] }[]; next: string | null }
  | { outcome: 'entity_not_found' }
  | NotExecuted;

/** A list that clients page through. */
export interface ClientList<Composed> {
  /** The side whose entities have such a list; or the only entity that has one, which is related to all pairs. */
  of: SideName | { id: string };
  /** The side whose ids order the items. */
  keys: SideName;
  /** Reads a page of the list. */
  read: (relation: Composed, page: Required<PageRequest>, requestId: string) => Promise<PageRead>;
}
