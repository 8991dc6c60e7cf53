import type { Times } from '@attendance/common/times';

/** A row of the table attendance, as its owner sees it. */
export interface Claim {
  claim_id: string;
  owned: string;
  foreign: string;
  retired: boolean;
}

/** What a statement answers, and what it has locked and not yet done. */
export interface Statement<Outcome> {
  outcomes: Outcome[];
  /** Ids of the claims whose rows it changes. */
  changes: readonly string[];
  commit: () => void;
  rollback: () => void;
}

export interface CopyOptions {
  /** The owner's own clock, in milliseconds since 1970. */
  clock: () => number;
  times: Pick<Times, 'expiry' | 'skew' | 'grace'>;
}

/** The state of one owner: its entities and its copy of attendance, in memory. */
export class MemoryCopy<E extends { id: string }> {
  readonly entities = new Map<string, E>();
  readonly claims = new Map<string, Claim>();
  identity: { database: string; peer: string | null };
  readonly owned: 'author_id' | 'event_id';
  readonly foreign: 'author_id' | 'event_id';
  readonly clock: CopyOptions['clock'];
  readonly times: CopyOptions['times'];
  readonly #deleting = new Set<string>();
  readonly #shared: string[] = [];
  /** Transactions that are open: since when, and what they have changed that nobody sees yet. */
  readonly #open = new Set<{ since: number; changes: readonly string[] }>();

  constructor(owns: 'author' | 'event', { clock, times }: CopyOptions) {
    this.owned = owns === 'author' ? 'author_id' : 'event_id';
    this.foreign = owns === 'author' ? 'event_id' : 'author_id';
    this.clock = clock;
    this.times = times;
    this.identity = { database: `00000000-0000-4000-8000-00000000000${owns === 'author' ? 1 : 2}`, peer: null };
  }

  /** The claims of a pair that are not retired, in order. */
  held(owned: string, foreign: string): string[] {
    const held: string[] = [];
    for (const claim of this.claims.values())
      if (!claim.retired && claim.owned === owned && claim.foreign === foreign) held.push(claim.claim_id);
    return held.sort();
  }

  holds(claimId: string): boolean {
    return this.claims.get(claimId)?.retired === false;
  }

  /** A statement is executed, and not committed yet. @returns what ends that */
  open({ changes }: Statement<unknown>): () => void {
    const transaction = { since: this.clock(), changes };
    this.#open.add(transaction);
    return () => void this.#open.delete(transaction);
  }

  /** Whether one of these claims is changed by an open transaction, which whoever changes it as well waits for. */
  isLocked(claims: readonly string[]): boolean {
    return [...this.#open].some(({ changes }) => changes.some((claim) => claims.includes(claim)));
  }

  openSince(): number {
    return Math.min(...[...this.#open].map(({ since }) => since));
  }

  /** As FOR KEY SHARE SKIP LOCKED does: not what is just being deleted. */
  share(id: string): boolean {
    if (!this.entities.has(id) || this.#deleting.has(id)) return false;
    this.#shared.push(id);
    return true;
  }

  unshare(ids: readonly string[]): void {
    for (const id of ids) this.#shared.splice(this.#shared.indexOf(id), 1);
  }

  /** @returns undefined where it has to wait for others, or there is nothing to delete */
  beginDelete(id: string): Statement<never> | undefined {
    if (!this.entities.has(id) || this.#deleting.has(id) || this.#shared.includes(id)) return undefined;
    this.#deleting.add(id);
    const commit = () => {
      this.#deleting.delete(id);
      this.entities.delete(id);
      for (const { claim_id, owned } of this.claims.values()) if (owned === id) this.claims.delete(claim_id);
    };
    return { outcomes: [], changes: [], commit, rollback: () => void this.#deleting.delete(id) };
  }

  /** Deletes the marks of retired claims whose add nothing can be left of. */
  purge(): void {
    const before = this.clock() - this.times.grace;
    for (const { claim_id, retired } of this.claims.values())
      if (retired && timeOf(claim_id) < before) this.claims.delete(claim_id);
  }
}

/** The milliseconds since 1970 in a UUIDv7. */
export function timeOf(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export function isExpired(id: string, { clock, times }: CopyOptions): boolean {
  const time = timeOf(id);
  return time < clock() - times.expiry || time > clock() + times.skew;
}
