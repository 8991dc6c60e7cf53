import { maxBatch as maxWeight } from '@attendance/common/contract/batch';
import type { ReconciledCopy } from '@attendance/common/contract/reconciliation';
import { ask, type NoAnswer } from '../ask.ts';
import type { Dependencies } from '../dependencies.ts';

/** One item of an operation without what stands for its caller. */
type ItemOf<O extends keyof ReconciledCopy> = Omit<Parameters<ReconciledCopy[O]>[0][number], 'request_ids'>;
type OutcomeOf<O extends keyof ReconciledCopy> = Awaited<ReturnType<ReconciledCopy[O]>>[number];

/** A copy that is asked about one item at a time, and again where it does not answer. */
export type AskedCopy = { [O in keyof ReconciledCopy]: (item: ItemOf<O>) => Promise<OutcomeOf<O>> };

export interface Copies {
  author: AskedCopy;
  conference: AskedCopy;
}

/** A copy did not answer, however often it was asked. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

const attempts = 5;

interface CopyParts {
  owner: ReconciledCopy;
  world: Dependencies;
  /** For the owner's log. */
  requestId: string;
  /** Before each attempt: throws where there is nothing to go on for. */
  goOn: () => void;
  /** Between two attempts. */
  pause: () => Promise<void>;
}

/** All that is asked here changes nothing, or may be repeated. Each throws {Unanswered} in the end. */
export function askCopy({ owner, world, requestId, goOn, pause }: CopyParts): AskedCopy {
  const request_ids = [requestId];

  function persist<Item extends { request_ids: string[] }, Outcome extends { outcome: string }>(
    once: (item: Item) => Promise<Outcome | NoAnswer>,
  ) {
    return async (item: Omit<Item, 'request_ids'>): Promise<Outcome> => {
      for (let attempt = 1; ; attempt += 1) {
        goOn();
        const answer = await once({ ...item, request_ids } as Item);
        if (isAnswer(answer)) return answer;
        if (attempt === attempts) throw new Unanswered(answer.reason);
        await pause();
      }
    };
  }

  return {
    identify: persist(ask(owner.identify, world, { maxWeight })),
    introduce: persist(ask(owner.introduce, world, { maxWeight })),
    digestClaims: persist(ask(owner.digestClaims, world, { maxWeight })),
    listClaims: persist(ask(owner.listClaims, world, { weigh: ({ limit }) => limit, maxWeight })),
    listSurplus: persist(ask(owner.listSurplus, world, { maxWeight })),
    readClaims: persist(ask(owner.readClaims, world, { maxWeight })),
    dropClaims: persist(ask(owner.dropClaims, world, { maxWeight })),
  };
}

function isAnswer<Outcome extends { outcome: string }>(answer: Outcome | NoAnswer): answer is Outcome {
  return answer.outcome !== 'not_executed' && answer.outcome !== 'unknown';
}
