import { maxRequestIds } from '@attendance/common/contract/batch';
import type { InsertOutcome } from '@attendance/common/contract/claims';
import type { Author, Event } from '@attendance/common/contract/entities';
import type { AskedOwner, NoAnswer } from './ask.ts';
import type { Background } from './background.ts';
import type { Dependencies } from './dependencies.ts';
import { sharedClaims } from './visible.ts';

export interface Pair {
  event_id: string;
  author_id: string;
}

export type AddOutcome =
  | { outcome: 'added' | 'already_attending'; event: Event; author: Author }
  | { outcome: 'missing'; missing: ('event' | 'author')[] }
  | NoAnswer;

type Inserted<E> = InsertOutcome<E> | NoAnswer;

interface AddParts extends Pick<Dependencies, 'newId' | 'events'> {
  author: AskedOwner<Author>;
  conference: AskedOwner<Event>;
  background: Background;
}

/**
 * The whole write path: insert one new claim into both copies at once, decide, and where the add is certainly not
 * done, withdraw that claim and no other. Nothing is undone while the outcome is unknown.
 */
export function createAdd({ author, conference, newId, background, events }: AddParts) {
  async function insertAndDecide(pair: Pair, request_ids: string[], onSend: () => void): Promise<AddOutcome> {
    const claim = { ...pair, claim_id: newId(), request_ids };
    const [byAuthor, byConference] = await Promise.all([
      author.insertClaim(claim, onSend),
      conference.insertClaim(claim, onSend),
    ]);
    // a claim that one copy certainly does not take is never visible: in the other it is only in the way
    const withdraw = async (owner: typeof author | typeof conference) => {
      const withdrawal = { ...pair, claim_ids: [claim.claim_id], remove_id: null, request_ids };
      const answer = await owner.retireClaims(withdrawal);
      events.withdrawn(answer.outcome);
      if (answer.outcome !== 'retired') events.stranded(request_ids, reasonOf(answer));
    };
    if (isRefused(byConference) && mayHold(byAuthor)) background.run(withdraw(author));
    if (isRefused(byAuthor) && mayHold(byConference)) background.run(withdraw(conference));
    return decideAdd(byAuthor, byConference);
  }

  // adds of one pair share a claim until it is sent: from then on it may be seen, and removed, by others
  const unsent = new Map<string, { request_ids: string[]; answer: Promise<AddOutcome> }>();

  return async (pair: Pair, requestId: string): Promise<AddOutcome> => {
    const key = `${pair.event_id} ${pair.author_id}`;
    let add = unsent.get(key);
    if (add && add.request_ids.length < maxRequestIds) add.request_ids.push(requestId);
    else {
      const request_ids = [requestId];
      const onSend = () => {
        if (unsent.get(key)?.request_ids === request_ids) unsent.delete(key);
      };
      add = { request_ids, answer: insertAndDecide(pair, request_ids, onSend).finally(onSend) };
      unsent.set(key, add);
    }
    const decision = await add.answer;
    events.added(decision.outcome);
    return decision;
  };
}

/** The decision table of an add, first row that fits. */
export function decideAdd(byAuthor: Inserted<Author>, byConference: Inserted<Event>): AddOutcome {
  const missing: ('event' | 'author')[] = [];
  if (byConference.outcome === 'unknown_owner') missing.push('event');
  if (byAuthor.outcome === 'unknown_owner') missing.push('author');
  if (missing.length > 0) return { outcome: 'missing', missing };

  if (holdsPair(byAuthor) && holdsPair(byConference)) {
    const { entity: author } = byAuthor;
    const { entity: event } = byConference;
    if (sharedClaims(byAuthor.claims, byConference.claims).length > 0)
      return { outcome: 'already_attending', event, author };
    if (byAuthor.outcome === 'taken' && byConference.outcome === 'taken') return { outcome: 'added', event, author };
  }
  const refusal = isRefused(byAuthor) ? byAuthor : isRefused(byConference) ? byConference : null;
  if (refusal) return { outcome: 'not_executed', reason: reasonOf(refusal) };
  return { outcome: 'unknown', reason: reasonOf(byAuthor.outcome === 'unknown' ? byAuthor : byConference) };
}

const holdsPair = <E>(inserted: Inserted<E>): inserted is Extract<Inserted<E>, { entity: E }> =>
  inserted.outcome === 'taken' || inserted.outcome === 'full';

const refusals = ['unknown_owner', 'expired', 'busy', 'full', 'not_executed'];

/** Whether the copy certainly did not take the claim; all that is certain stands in this list. */
const isRefused = ({ outcome }: { outcome: string }) => refusals.includes(outcome);

const mayHold = ({ outcome }: { outcome: string }) => outcome === 'taken' || outcome === 'unknown';

const reasonOf = (answer: { outcome: string; reason?: string }) => answer.reason ?? answer.outcome;
