import { timeOf } from '../../claimIds.ts';
import { ids } from '../../ids.ts';
import type { Pair, Side, SideName } from '../../relation.ts';
import type { Times } from '../../times.ts';

/** A row of a copy. */
export interface Claim extends Pair {
  claim_id: string;
  /** A tombstone. */
  retired: boolean;
}

/** The outcomes of a statement, and what it has locked and not done yet. */
export interface Statement<Outcome> {
  outcomes: Outcome[];
  /** Ids of the claims whose rows it changes. */
  changes: readonly string[];
  /** Makes the changes visible. */
  commit: () => void;
  /** Drops the changes. */
  rollback: () => void;
}

/** What a copy in memory is made of. */
export interface MemoryCopyOptions {
  /** The database's own clock, in milliseconds since 1970. */
  clock: () => number;
  times: Pick<Times, 'expiryMs' | 'skewMs' | 'graceMs'>;
}

/** One side's database in memory: its entities, and its copy of the relation. */
export class MemoryCopy<Entity> {
  readonly entities = new Map<string, Entity>();
  /** The entities that are marked as deleted, and whose claims are being purged. */
  readonly marked = new Map<string, Entity>();
  /** Ids of the entities that were marked, and are purged. */
  readonly purged = new Set<string>();
  readonly claims = new Map<string, Claim>();
  identity: { database: string; peer: string | null };
  readonly own: SideName;
  readonly other: SideName;
  /** Orders ids of the own side. */
  readonly compareOwn: (a: string, b: string) => number;
  /** Orders ids of the other side. */
  readonly compareOther: (a: string, b: string) => number;
  /** Gives the milliseconds since 1970 by the database's own clock. */
  readonly clock: MemoryCopyOptions['clock'];
  readonly times: MemoryCopyOptions['times'];
  readonly #deleting = new Set<string>();
  readonly #marking = new Set<string>();
  readonly #shared: string[] = [];
  /** Transactions that are open: since when, and which claims they have changed that nobody sees yet. */
  readonly #open = new Set<{ since: number; changes: readonly string[] }>();

  constructor({ side, id, other }: Side<Entity>, { clock, times }: MemoryCopyOptions) {
    this.own = side;
    this.other = other.side;
    this.compareOwn = ids[id].compare;
    this.compareOther = ids[other.id].compare;
    this.clock = clock;
    this.times = times;
    this.identity = { database: `00000000-0000-4000-8000-00000000000${side === 'right' ? 1 : 2}`, peer: null };
  }

  /** Gives the claims of a pair that are not retired, in order. */
  held(pair: Pair): string[] {
    const held: string[] = [];
    for (const claim of this.claims.values())
      if (!claim.retired && claim.left === pair.left && claim.right === pair.right) held.push(claim.claim_id);
    return held.sort();
  }

  /** Says whether the copy holds a claim that is not retired. */
  holds(claimId: string): boolean {
    return this.claims.get(claimId)?.retired === false;
  }

  /** Makes a pair of an own id and another one. */
  pairOf(ownId: string, otherId: string): Pair {
    return this.own === 'left' ? { left: ownId, right: otherId } : { left: otherId, right: ownId };
  }

  /** Notes that a statement is executed and not committed yet. @returns a function that ends that */
  open({ changes }: Statement<unknown>): () => void {
    const transaction = { since: this.clock(), changes };
    this.#open.add(transaction);
    return () => void this.#open.delete(transaction);
  }

  /** Whether an open transaction changes one of these claims. Another statement that changes it has to wait. */
  isLocked(claims: readonly string[]): boolean {
    return [...this.#open].some(({ changes }) => changes.some((claim) => claims.includes(claim)));
  }

  /** Gives the time at which the oldest open transaction began; infinity if there is none. */
  openSince(): number {
    return Math.min(...[...this.#open].map(({ since }) => since));
  }

  /** Locks an entity as FOR KEY SHARE SKIP LOCKED does: not one that is being deleted. */
  share(id: string): boolean {
    if (!this.entities.has(id) || this.#deleting.has(id)) return false;
    this.#shared.push(id);
    return true;
  }

  /** Ends the share locks of some ids. */
  unshare(ids: readonly string[]): void {
    for (const id of ids) this.#shared.splice(this.#shared.indexOf(id), 1);
  }

  /** @returns undefined if it has to wait for others, or there is nothing to delete */
  beginDelete(id: string): Statement<never> | undefined {
    if (!this.#mayChange(id) || this.#shared.includes(id)) return undefined;
    this.#deleting.add(id);
    const commit = () => {
      this.#deleting.delete(id);
      this.entities.delete(id);
      for (const claim of this.claims.values()) if (claim[this.own] === id) this.claims.delete(claim.claim_id);
    };
    return { outcomes: [], changes: [], commit, rollback: () => void this.#deleting.delete(id) };
  }

  /** Marks an entity as deleted; share locks do not hinder that. @returns undefined if it has to wait, or is missing */
  beginMark(id: string): Statement<never> | undefined {
    const entity = this.entities.get(id);
    if (!entity || !this.#mayChange(id)) return undefined;
    this.#marking.add(id);
    const commit = () => {
      this.#marking.delete(id);
      this.entities.delete(id);
      this.marked.set(id, entity);
    };
    return { outcomes: [], changes: [], commit, rollback: () => void this.#marking.delete(id) };
  }

  #mayChange(id: string): boolean {
    return this.entities.has(id) && !this.#deleting.has(id) && !this.#marking.has(id);
  }

  /** Whether an entity was marked as deleted. */
  isMarked(id: string): boolean {
    return this.marked.has(id) || this.purged.has(id);
  }

  /** Deletes at most so many claims of an entity. @returns how many */
  deleteClaims(id: string, most: number): number {
    const claims = [...this.claims.values()].filter((claim) => claim[this.own] === id).slice(0, most);
    for (const { claim_id } of claims) this.claims.delete(claim_id);
    return claims.length;
  }

  /** Deletes at most so many claims of each marked entity, and the entities that have none and are not locked. */
  purgeMarked(most: number): void {
    for (const id of this.marked.keys()) {
      if (this.deleteClaims(id, most) > 0 || this.#shared.includes(id)) continue;
      this.marked.delete(id);
      this.purged.add(id);
    }
  }

  /** Deletes the tombstones that no part of their add can outlast. */
  purge(): void {
    const before = this.clock() - this.times.graceMs;
    for (const { claim_id, retired } of this.claims.values())
      if (retired && timeOf(claim_id) < before) this.claims.delete(claim_id);
  }
}

export function isExpired(id: string, { clock, times }: MemoryCopyOptions): boolean {
  const time = timeOf(id);
  return time < clock() - times.expiryMs || time > clock() + times.skewMs;
}
