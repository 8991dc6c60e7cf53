import { maxBatch as maxWeight } from '@attendance/common/contract/batch';
import type { ReadPairItem, ReadPairOutcome } from '@attendance/common/contract/claims';
import type { ReconciledCopy } from '@attendance/common/contract/reconciliation';
import { ask, type AskedOwner, type NoAnswer } from '../ask.ts';
import type { Dependencies } from '../dependencies.ts';

/** One item of an operation without what stands for its caller. */
type ItemOf<O extends keyof ReconciledCopy> = Omit<Parameters<ReconciledCopy[O]>[0][number], 'request_ids'>;
type OutcomeOf<O extends keyof ReconciledCopy> = Awaited<ReturnType<ReconciledCopy[O]>>[number];

/** A copy that is asked about one item at a time, and again where it does not answer. */
export type Copy = { [O in keyof ReconciledCopy]: (item: ItemOf<O>) => Promise<OutcomeOf<O>> } & {
  readPair: (item: Omit<ReadPairItem, 'request_ids'>) => Promise<ReadPairOutcome<unknown>>;
};

export interface Copies {
  author: Copy;
  conference: Copy;
}

/** A copy did not answer, however often it was asked. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

const attempts = 5;

interface CopyParts {
  owner: ReconciledCopy;
  asked: Pick<AskedOwner<unknown>, 'readPair'>;
  world: Dependencies;
  /** For the owner's log. */
  requestId: string;
  /** Between two attempts. */
  pause: () => Promise<void>;
}

/** All that is asked here changes nothing, or may be repeated. Each throws {Unanswered} in the end. */
export function createCopy({ owner, asked, world, requestId, pause }: CopyParts): Copy {
  const request_ids = [requestId];

  function persist<Item extends { request_ids: string[] }, Outcome extends { outcome: string }>(
    once: (item: Item) => Promise<Outcome | NoAnswer>,
  ) {
    return async (item: Omit<Item, 'request_ids'>): Promise<Outcome> => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once({ ...item, request_ids } as Item);
        if (isAnswer(answer)) return answer;
        if (attempt === attempts) throw new Unanswered(answer.reason);
        await pause();
      }
    };
  }

  return {
    readPair: persist(asked.readPair),
    identify: persist(ask(owner.identify, world, { maxWeight })),
    introduce: persist(ask(owner.introduce, world, { maxWeight })),
    digestClaims: persist(ask(owner.digestClaims, world, { maxWeight })),
    listClaims: persist(ask(owner.listClaims, world, { weigh: ({ limit }) => limit, maxWeight })),
    listSurplus: persist(ask(owner.listSurplus, world, { maxWeight })),
    dropClaims: persist(ask(owner.dropClaims, world, { maxWeight })),
  };
}

function isAnswer<Outcome extends { outcome: string }>(answer: Outcome | NoAnswer): answer is Outcome {
  return answer.outcome !== 'not_executed' && answer.outcome !== 'unknown';
}
