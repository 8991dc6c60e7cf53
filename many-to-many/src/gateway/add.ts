import type { Environment } from '../environment.ts';
import { maxRequestIds } from '../operation.ts';
import type { CopyOperations, InsertOutcome } from '../operations.ts';
import { isFailure, NotExecuted, type Answer, type Failure } from '../outcome.ts';
import type { Pair } from '../relation.ts';
import type { Asked } from './ask.ts';
import type { Background } from './background.ts';
import type { RelationEvents } from './events.ts';
import { entityNotFound, sharedClaims, type EntityNotFound } from './visible.ts';

/**
 * The result of an add. `added`: the pair is recorded. `already_present`: it was visible before. A failure is
 * `not_executed` (nothing was recorded, or ever will be) or `unknown` (the pair may be recorded, now or soon).
 */
export type Added<Left, Right> =
  { outcome: 'added' | 'already_present'; left: Left; right: Right } | EntityNotFound | Failure;

type Inserted<Entity> = Answer<InsertOutcome<Entity>>;

interface AddParts<Left, Right> extends Pick<Environment, 'newId'> {
  left: Asked<CopyOperations<Left>>;
  right: Asked<CopyOperations<Right>>;
  background: Background;
  events: RelationEvents;
}

/**
 * Makes the operation `add`, which is the whole write path. It inserts one new claim into both copies in parallel and
 * decides by their outcomes. If the add certainly failed, it withdraws that claim and no other. If the outcome is
 * unknown, it withdraws nothing.
 */
export function createAdd<Left, Right>({ left, right, newId, background, events }: AddParts<Left, Right>) {
  async function insertAndDecide(pair: Pair, request_ids: string[], onSend: () => void): Promise<Added<Left, Right>> {
    const claim = { ...pair, claim_id: newId(), request_ids };
    const [inLeft, inRight] = await Promise.all([left.insertClaims(claim, onSend), right.insertClaims(claim, onSend)]);
    // one copy refused the claim, so it never becomes visible: the other copy need not keep it
    const withdraw = async (copy: typeof left | typeof right) => {
      const withdrawal = { ...pair, claim_ids: [claim.claim_id], remove_id: null, request_ids };
      const answer = await copy.retireClaims(withdrawal);
      events.withdrawn(answer.outcome);
      if (answer.outcome !== 'retired') events.stranded(request_ids, reasonOf(answer));
    };
    if (isRefused(inRight) && mayHold(inLeft)) background.run(withdraw(left));
    if (isRefused(inLeft) && mayHold(inRight)) background.run(withdraw(right));
    return decideAdd(inLeft, inRight);
  }

  // Adds of one pair share a claim until it is sent. After that a remove may have retired it, so that an add that joined
  // would be acknowledged although its pair is gone.
  const unsent = new Map<string, { request_ids: string[]; answer: Promise<Added<Left, Right>> }>();

  return async (pair: Pair, requestId: string): Promise<Added<Left, Right>> => {
    const key = JSON.stringify([pair.left, pair.right]);
    let add = unsent.get(key);
    if (add && add.request_ids.length < maxRequestIds) add.request_ids.push(requestId);
    else {
      const request_ids = [requestId];
      const stopSharing = () => {
        if (unsent.get(key)?.request_ids === request_ids) unsent.delete(key);
      };
      add = { request_ids, answer: insertAndDecide(pair, request_ids, stopSharing).finally(stopSharing) };
      unsent.set(key, add);
    }
    const added = await add.answer;
    events.added(added.outcome);
    return added;
  };
}

/** Decides the result of an add. The first row of the decision table that fits applies. */
export function decideAdd<Left, Right>(left: Inserted<Left>, right: Inserted<Right>): Added<Left, Right> {
  if (left.outcome === 'entity_not_found' || right.outcome === 'entity_not_found') return entityNotFound(left, right);
  if (reportsClaims(left) && reportsClaims(right)) {
    const entities = { left: left.entity, right: right.entity };
    if (sharedClaims(left.claims, right.claims).length > 0) return { outcome: 'already_present', ...entities };
    if (left.outcome === 'accepted' && right.outcome === 'accepted') return { outcome: 'added', ...entities };
  }
  for (const answer of [left, right])
    if (isRefused(answer)) return isFailure(answer) ? answer : new NotExecuted(answer.outcome);
  for (const answer of [left, right]) if (isFailure(answer)) return answer;
  throw new Error(`an add was answered ${left.outcome} and ${right.outcome}`);
}

const reportsClaims = <Entity>(answer: Inserted<Entity>): answer is Extract<Inserted<Entity>, { claims: string[] }> =>
  answer.outcome === 'accepted' || answer.outcome === 'limit_reached';

const refusals: readonly string[] = ['entity_not_found', 'expired', 'entity_locked', 'limit_reached', 'not_executed'];

/** Whether the copy certainly did not accept the claim. An outcome that is not in this list does not prove that. */
const isRefused = ({ outcome }: { outcome: string }) => refusals.includes(outcome);

const mayHold = ({ outcome }: { outcome: string }) => outcome === 'accepted' || outcome === 'unknown';

/** Returns the reason why a claim was not retired, for the log: a failure's message, or the name of the outcome. */
export const reasonOf = (answer: { outcome: string }) => (isFailure(answer) ? answer.message : answer.outcome);
