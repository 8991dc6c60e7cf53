import { setTimeout as sleep } from 'node:timers/promises';
import { pairKey } from '../histories/lists.ts';

/** What the two databases hold, asked around all services. */
export interface Copies {
  /** Claims that both hold: the id, and the `pairKey` of its pair. */
  visible: Map<string, string>;
  /** How many claims only this copy holds. */
  half: { author: number; conference: number };
}

export interface ClaimRow {
  claim_id: string;
  event_id: string;
  author_id: string;
}

/** Runs a statement in one of the databases. */
export type AskCopy = (database: 'author' | 'conference', statement: string) => Promise<ClaimRow[]>;

export async function readCopies(ask: AskCopy): Promise<Copies> {
  const [author, conference] = await Promise.all([claimsOf(ask, 'author'), claimsOf(ask, 'conference')]);
  const visible = new Map([...author].filter(([claim]) => conference.has(claim)));
  return { visible, half: { author: author.size - visible.size, conference: conference.size - visible.size } };
}

/** Claims that are not retired. */
async function claimsOf(ask: AskCopy, database: 'author' | 'conference'): Promise<Map<string, string>> {
  const rows = await ask(database, 'SELECT claim_id, event_id, author_id FROM attendance WHERE NOT retired');
  return new Map(rows.map(({ claim_id, event_id, author_id }) => [claim_id, pairKey(event_id, author_id)]));
}

export interface Reconciling {
  /** By `performance.now()`, from when on nothing was under way. */
  since: number;
  /** Milliseconds that it may take from then on. */
  within: number;
}

export interface Reconciled {
  /** Milliseconds that it took; null where it took too long. */
  took: number | null;
  /** What was wrong until the end. */
  violations: string[];
}

/** Waits until the reconcilers have made both copies the same, with one claim of each pair at most. */
export async function waitUntilReconciled(ask: AskCopy, { since, within }: Reconciling): Promise<Reconciled> {
  for (;;) {
    const took = performance.now() - since;
    const { visible, half } = await readCopies(ask);
    const surplus = visible.size - new Set(visible.values()).size;
    const left = { 'in the author copy only': half.author, 'in the conference copy only': half.conference, surplus };
    const wrong = Object.entries(left).filter(([, claims]) => claims > 0);
    if (wrong.length === 0) return { took, violations: [] };
    if (took > within) {
      const when = `${within} ms after all was quiet: more than the grace period, the current scan and the next`;
      return { took: null, violations: wrong.map(([what, claims]) => `${claims} claims are ${what} ${when}`) };
    }
    await sleep(250);
  }
}

/**
 * What is wrong between two looks at the copies in which nothing was added or removed.
 * @param reconciled the copies were the same, so that no claim may go; before that a pair with several may lose some,
 *   but never its last
 */
export function judgeCopies(before: Copies, after: Copies, { reconciled }: { reconciled: boolean }): string[] {
  const held = ({ visible }: Copies) =>
    reconciled ? [...visible].map(([claim, pair]) => `claim ${claim} of ${pair}`) : [...new Set(visible.values())];
  const changed = (from: Copies, to: Copies, what: string) => {
    const there = new Set(held(to));
    return held(from)
      .filter((one) => !there.has(one))
      .map((one) => `${one} ${what} though nothing was under way any more`);
  };
  return [...changed(before, after, 'was lost'), ...changed(after, before, 'appeared')];
}
