import type { Copy } from '../../operations.ts';
import type { Pair, Side } from '../../relation.ts';
import type { Times } from '../../times.ts';

/** A row that a test puts into a copy directly, with a claim of any age. */
export interface PlantedClaim extends Pair {
  claim_id: string;
  retired?: boolean;
}

/** One side's copy, whatever is behind its interface, and what a test needs beside it. */
export interface Subject<Entity = unknown> {
  copy: Copy<Entity>;
  side: Side<Entity>;
  times: Times;
  /** Gives the milliseconds since 1970 by the copy's clock. */
  clock: () => number;
  /** Creates an entity of the copy's side, and gives it as the copy's outcomes do. */
  createEntity: () => Promise<{ id: string; entity: Entity }>;
  /** Deletes an entity of the copy's side, and its claims with it. */
  deleteEntity: (id: string) => Promise<void>;
  /** Marks an entity of the copy's side as deleted; left out if the copy's `EntityTable` has no `deletedAt`. */
  markEntity?: (id: string) => Promise<void>;
  /** Runs `work` while a delete of the entity is in progress. The delete then fails. */
  whileDeleting: <Result>(id: string, work: () => Promise<Result>) => Promise<Result>;
  /** Makes an id that no entity of the copy's side has. */
  newOwnId: () => string;
  /** Makes an id of the other side. The copy does not know whether such an entity exists. */
  newOtherId: () => string;
  /** Puts rows into the copy's table directly. Their own entities exist. */
  plant: (claims: PlantedClaim[]) => Promise<void>;
}
