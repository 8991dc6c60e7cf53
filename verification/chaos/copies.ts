import { setTimeout as sleep } from 'node:timers/promises';
import { pairKey } from '../histories/lists.ts';

/** The claims in the two databases. */
export interface Copies {
  /** The claims that both copies hold: claim id to `pairKey`. */
  visible: Map<string, string>;
  /** The number of half claims in each copy. */
  half: { author: number; conference: number };
}

export interface ClaimRow {
  claim_id: string;
  event_id: string;
  author_id: string;
}

/** Runs a statement in one of the databases. */
export type QueryCopy = (database: 'author' | 'conference', statement: string) => Promise<ClaimRow[]>;

export async function readCopies(queryCopy: QueryCopy): Promise<Copies> {
  const [author, conference] = await Promise.all([
    readClaims(queryCopy, 'author'),
    readClaims(queryCopy, 'conference'),
  ]);
  const visible = new Map([...author].filter(([claim]) => conference.has(claim)));
  return { visible, half: { author: author.size - visible.size, conference: conference.size - visible.size } };
}

async function readClaims(queryCopy: QueryCopy, database: 'author' | 'conference'): Promise<Map<string, string>> {
  const rows = await queryCopy(database, 'SELECT claim_id, event_id, author_id FROM attendance WHERE NOT retired');
  return new Map(rows.map(({ claim_id, event_id, author_id }) => [claim_id, pairKey(event_id, author_id)]));
}

export interface ReconcileDeadline {
  /** The time by `performance.now()` at which the last operation was final. */
  since: number;
  withinMs: number;
}

interface Reconciled {
  /** The time until the copies were equal; null if they did not become equal in time. */
  tookMs: number | null;
  violations: string[];
}

/** Waits until both copies are equal, with one claim of each pair at most. */
export async function waitUntilReconciled(
  queryCopy: QueryCopy,
  { since, withinMs }: ReconcileDeadline,
): Promise<Reconciled> {
  for (;;) {
    const tookMs = performance.now() - since;
    const { visible, half } = await readCopies(queryCopy);
    const surplus = visible.size - new Set(visible.values()).size;
    const counts = { 'in the author copy only': half.author, 'in the conference copy only': half.conference, surplus };
    const wrong = Object.entries(counts).filter(([, claims]) => claims > 0);
    if (wrong.length === 0) return { tookMs, violations: [] };
    if (tookMs > withinMs) {
      const when = `${withinMs} ms after the last operation: the grace period, the current scan and the next have ended`;
      return { tookMs: null, violations: wrong.map(([where, claims]) => `${claims} claims are ${where} ${when}`) };
    }
    await sleep(250);
  }
}

/**
 * Finds violations in two snapshots of the copies between which no client added or removed a pair.
 * @param reconciled whether the copies were equal, so that no claim may disappear; else a pair may lose surplus claims
 */
export function compareSnapshots(before: Copies, after: Copies, { reconciled }: { reconciled: boolean }): string[] {
  const itemsOf = ({ visible }: Copies) =>
    reconciled ? [...visible].map(([claim, pair]) => `claim ${claim} of ${pair}`) : [...new Set(visible.values())];
  const changed = (from: Copies, to: Copies, what: string) => {
    const known = new Set(itemsOf(to));
    return itemsOf(from)
      .filter((one) => !known.has(one))
      .map((one) => `${one} ${what} although all operations were final`);
  };
  return [...changed(before, after, 'was lost'), ...changed(after, before, 'appeared')];
}
