import type { Environment } from '../environment.ts';
import type { CopyOperations, RetireOutcome } from '../operations.ts';
import { NotExecuted, type Answer, type Failure } from '../outcome.ts';
import type { Pair } from '../relation.ts';
import { reasonOf } from './add.ts';
import type { Asked } from './ask.ts';
import type { Background } from './background.ts';
import type { RelationEvents } from './events.ts';
import type { EntityNotFound, PairRead } from './visible.ts';

/**
 * The result of a remove. `removed`: the pair was visible and is not any more. `absent`: it was not visible. A failure
 * is `not_executed` (nothing was removed, or ever will be) or `unknown` (the pair may be removed, now or soon).
 */
export type Removed = { outcome: 'removed' } | { outcome: 'absent' } | EntityNotFound | Failure;

interface RemoveParts<Left, Right> extends Pick<Environment, 'newId'> {
  left: Asked<CopyOperations<Left>>;
  right: Asked<CopyOperations<Right>>;
  readPair: (pair: Pair, requestId: string) => Promise<PairRead<Left, Right>>;
  background: Background;
  events: RelationEvents;
}

/**
 * Makes the operation `remove`. It reads the pair, then retires exactly the claims that it saw in both copies, in both
 * copies in parallel.
 */
export function createRemove<Left, Right>(parts: RemoveParts<Left, Right>) {
  const { left, right, readPair, newId, background, events } = parts;

  async function readAndRetire(pair: Pair, requestId: string): Promise<Removed> {
    // made before the read: so the copies refuse to retire claims that were read too long ago
    const remove_id = newId();
    const seen = await readPair(pair, requestId);
    if (seen.outcome !== 'visible') return seen;
    const item = { ...pair, claim_ids: seen.claims, remove_id, request_ids: [requestId] };
    const retire = async (copy: typeof left | typeof right) => {
      const answer = await copy.retireClaims(item);
      if (answer.outcome !== 'retired') events.stranded(item.request_ids, reasonOf(answer));
      return answer;
    };
    const retirements = [retire(left), retire(right)];
    background.run(Promise.all(retirements));
    return firstProof(retirements);
  }

  return async (pair: Pair, requestId: string): Promise<Removed> => {
    const removed = await readAndRetire(pair, requestId);
    events.removed(removed.outcome);
    return removed;
  };
}

/**
 * Waits for the first copy that retired the claims: they are no longer visible then, so one confirmation is enough. If
 * no copy confirms, both answers decide.
 */
async function firstProof(retirements: Promise<Answer<RetireOutcome>>[]): Promise<Removed> {
  const retired = retirements.map(async (retirement) => {
    const answer = await retirement;
    if (answer.outcome !== 'retired') throw new Error(answer.outcome);
  });
  try {
    await Promise.any(retired);
    return { outcome: 'removed' };
  } catch {
    return decideRemove(await Promise.all(retirements));
  }
}

/** Decides the result of a remove from the answers to its retirements. */
export function decideRemove(answers: Answer<RetireOutcome>[]): Removed {
  if (answers.some(({ outcome }) => outcome === 'retired')) return { outcome: 'removed' };
  const unknown = answers.find((answer) => answer.outcome === 'unknown');
  return unknown ?? new NotExecuted(answers.map(reasonOf).join('; '));
}
