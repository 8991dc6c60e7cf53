import { setTimeout as sleep } from 'node:timers/promises';
import { pairKey } from '../consistency/lists.ts';

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

/**
 * Waits until the reconcilers have made both copies the same, with one claim of each pair at most.
 * @param within milliseconds; nothing is under way any more
 * @returns what is wrong where that takes longer
 */
export async function waitUntilReconciled(ask: AskCopy, within: number): Promise<string[]> {
  const deadline = performance.now() + within;
  for (;;) {
    const { visible, half } = await readCopies(ask);
    const surplus = visible.size - new Set(visible.values()).size;
    const left = { 'in the author copy only': half.author, 'in the conference copy only': half.conference, surplus };
    const wrong = Object.entries(left).filter(([, claims]) => claims > 0);
    if (wrong.length === 0) return [];
    if (performance.now() > deadline)
      return wrong.map(([what, claims]) => `${claims} claims are ${what} ${within} ms after all was quiet`);
    await sleep(250);
  }
}

/** What is wrong between two looks at the copies in which nothing was added, removed or reconciled. */
export function judgeCopies(before: Copies, after: Copies): string[] {
  const changed = (from: Copies, to: Copies, what: string) =>
    [...from.visible]
      .filter(([claim]) => !to.visible.has(claim))
      .map(([claim, pair]) => `claim ${claim} of ${pair} ${what} though nothing was under way any more`);
  return [...changed(before, after, 'was lost'), ...changed(after, before, 'appeared')];
}
