import type { Asked } from '../gateway/ask.ts';
import type { ItemOf, OutcomeOf } from '../operation.ts';
import type { CopyOperations } from '../operations.ts';
import { isFailure, type Answer } from '../outcome.ts';

/** The operations that the reconciler uses. They know nothing of entities. */
type ReconciledOperations = Pick<
  CopyOperations<unknown>,
  'identify' | 'introduce' | 'digestClaims' | 'listClaims' | 'listSurplus' | 'readClaims' | 'dropClaims'
>;

/** A copy that is asked about one item at a time. */
export type AskedCopy = Asked<ReconciledOperations>;

/** A copy that is asked again until it answers. */
export type PatientCopy = {
  [Name in keyof ReconciledOperations]: (
    item: Omit<ItemOf<ReconciledOperations[Name]>, 'request_ids'>,
  ) => Promise<OutcomeOf<ReconciledOperations[Name]>>;
};

export interface Copies {
  left: PatientCopy;
  right: PatientCopy;
}

/** A copy did not answer, however often it was asked. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

const attempts = 5;

interface Patience {
  /** For the owner service's log. */
  requestId: string;
  /** Called before each attempt; throws where the work has been given up. */
  goOn: () => void;
  /** Waited for between two attempts. */
  pause: () => Promise<void>;
}

/**
 * Asks a copy up to five times. Every operation here changes nothing or may be repeated.
 * @throws {Unanswered}
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
