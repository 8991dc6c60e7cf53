import type { Asked } from '../gateway/ask.ts';
import type { ItemOf, OutcomeOf } from '../operation.ts';
import type { CopyOperations } from '../operations.ts';
import { isFailure, type Answer } from '../outcome.ts';

/** The operations that the reconciler uses. */
type ReconciledOperations = Pick<
  CopyOperations<unknown>,
  'identify' | 'introduce' | 'digestClaims' | 'listClaims' | 'listSurplus' | 'readClaims' | 'dropClaims'
>;

/** The reconciler's operations of a copy, each as a function of one item. */
export type AskedCopy = Asked<ReconciledOperations>;

/** The reconciler's operations of a copy, each repeated until the copy answers. */
export type PatientCopy = {
  [Name in keyof ReconciledOperations]: (
    item: Omit<ItemOf<ReconciledOperations[Name]>, 'request_ids'>,
  ) => Promise<OutcomeOf<ReconciledOperations[Name]>>;
};

export interface Copies {
  left: PatientCopy;
  right: PatientCopy;
}

/** A copy did not answer any of several attempts. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

const attempts = 5;

interface Patience {
  /** The request id for the logs of the owner service. */
  requestId: string;
  /** Called before each attempt. It throws if the reconciler was stopped. */
  goOn: () => void;
  /** The pause between two attempts. */
  pause: () => Promise<void>;
}

/**
 * Makes operations that try up to five times. All of them change nothing or may be repeated. They reject with
 * `Unanswered` after the last attempt.
 */
export function askPatiently(copy: AskedCopy, { requestId, goOn, pause }: Patience): PatientCopy {
  const request_ids = [requestId];

  function patient<Item extends { request_ids: string[] }, Outcome extends { outcome: string }>(
    askOnce: (item: Item) => Promise<Answer<Outcome>>,
  ) {
    return async (item: Omit<Item, 'request_ids'>): Promise<Outcome> => {
      for (let attempt = 1; ; attempt += 1) {
        goOn();
        const answer = await askOnce({ ...item, request_ids } as Item);
        if (!isFailure(answer)) return answer;
        if (attempt === attempts) throw new Unanswered(answer.message, { cause: answer });
        await pause();
      }
    };
  }

  return {
    identify: patient(copy.identify),
    introduce: patient(copy.introduce),
    digestClaims: patient(copy.digestClaims),
    listClaims: patient(copy.listClaims),
    listSurplus: patient(copy.listSurplus),
    readClaims: patient(copy.readClaims),
    dropClaims: patient(copy.dropClaims),
  };
}
