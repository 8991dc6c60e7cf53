import type { RetireOutcome } from '@attendance/common/contract/claims';
import type { Author, Event } from '@attendance/common/contract/entities';
import type { Pair } from './add.ts';
import type { AskedOwner, NoAnswer } from './ask.ts';
import type { Background } from './background.ts';
import type { Dependencies } from './dependencies.ts';
import type { createReadPair } from './readPair.ts';

export type RemoveOutcome =
  { outcome: 'removed' } | { outcome: 'missing'; missing: ('event' | 'author')[] } | { outcome: 'absent' } | NoAnswer;

interface RemoveParts extends Pick<Dependencies, 'newId' | 'events'> {
  author: AskedOwner<Author>;
  conference: AskedOwner<Event>;
  readPair: ReturnType<typeof createReadPair>;
  background: Background;
}

/** Reads as a reader does, then retires exactly the claims it saw, in both copies at once. */
export function createRemove({ author, conference, readPair, newId, background, events }: RemoveParts) {
  async function readAndRetire(pair: Pair, requestId: string): Promise<RemoveOutcome> {
    // made before the read: the owners refuse what was read too long ago
    const remove_id = newId();
    const seen = await readPair(pair, requestId);
    if (seen.outcome !== 'visible') return seen;
    const item = { ...pair, claim_ids: seen.claims, remove_id, request_ids: [requestId] };
    const retire = async (owner: typeof author | typeof conference) => {
      const answer = await owner.retireClaims(item);
      if (answer.outcome !== 'retired') events.stranded(item.request_ids, reasonOf(answer));
      return answer;
    };
    const retirements = [retire(author), retire(conference)];
    background.run(Promise.all(retirements));
    return firstProof(retirements);
  }

  return async (pair: Pair, requestId: string): Promise<RemoveOutcome> => {
    const result = await readAndRetire(pair, requestId);
    events.removed(result.outcome);
    return result;
  };
}

/** A claim that left one copy is visible no more, so one confirmation will do; failing that, all have to be heard. */
async function firstProof(retirements: Promise<RetireOutcome | NoAnswer>[]): Promise<RemoveOutcome> {
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

const reasonOf = (answer: RetireOutcome | NoAnswer) => ('reason' in answer ? answer.reason : answer.outcome);

/** The decision table of a remove's second round. */
export function decideRemove(answers: (RetireOutcome | NoAnswer)[]): RemoveOutcome {
  if (answers.some(({ outcome }) => outcome === 'retired')) return { outcome: 'removed' };
  const unknown = answers.find((answer) => answer.outcome === 'unknown');
  if (unknown) return unknown;
  return { outcome: 'not_executed', reason: answers.map(reasonOf).join('; ') };
}
