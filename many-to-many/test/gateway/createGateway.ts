import { createRelation } from '../../src/createRelation.ts';
import { copyOperations } from '../../src/operations.ts';
import { createTimes } from '../../src/times.ts';
import { Clock } from './clock.ts';
import { enrolment, newId } from './samples.ts';
import { scriptedOperations } from './scripted.ts';

export const times = createTimes();

/** The default number of concurrent calls of one operation of one copy. */
export const slots = 4;

export type Gateway = ReturnType<typeof createGateway>;

/** Creates a relation over two scripted copies in virtual time, and records its ids and events. */
export function createGateway() {
  const clock = new Clock();
  const ids: string[] = [];
  const counted = {
    added: [] as string[],
    removed: [] as string[],
    withdrawn: [] as string[],
    stranded: [] as { request_ids: string[]; reason: string }[],
  };
  const left = scriptedOperations(copyOperations(enrolment.left));
  const right = scriptedOperations(copyOperations(enrolment.right));
  const environment = {
    now: clock.now,
    timer: clock.timer,
    endOfTurn: clock.endOfTurn,
    newId: () => {
      const id = newId();
      ids.push(id);
      return id;
    },
  };
  const events = {
    added: (outcome: string) => void counted.added.push(outcome),
    removed: (outcome: string) => void counted.removed.push(outcome),
    withdrawn: (outcome: string) => void counted.withdrawn.push(outcome),
    stranded: (request_ids: string[], reason: string) => void counted.stranded.push({ request_ids, reason }),
  };
  const relation = createRelation(enrolment, { left, right }, { times, environment, events });
  return { left, right, relation, environment, clock, ids, counted };
}

/** Returns the result of a promise. @throws if the promise does not resolve without an advance of time */
export async function atOnce<P extends Promise<unknown>>(
  { clock }: Pick<Gateway, 'clock'>,
  promise: P,
): Promise<Awaited<P>> {
  const result = watch(promise);
  await clock.runTurns();
  if (!result.done) throw new Error('the promise has not been resolved');
  return await promise;
}

/** Observes whether a promise has ended, and handles its rejection. */
export function watch(promise: Promise<unknown>): { done: boolean } {
  const watched = { done: false };
  const finish = () => {
    watched.done = true;
  };
  promise.then(finish, finish);
  return watched;
}
