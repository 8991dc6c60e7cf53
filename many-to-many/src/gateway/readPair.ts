import type { Environment } from '../environment.ts';
import type { CopyOperations } from '../operations.ts';
import type { Pair } from '../relation.ts';
import type { Times } from '../times.ts';
import type { Asked } from './ask.ts';
import { decideRead, type PairRead } from './visible.ts';
import { withinDeadline } from './withinDeadline.ts';

interface ReadParts<Left, Right> extends Pick<Environment, 'now'> {
  left: Asked<CopyOperations<Left>>;
  right: Asked<CopyOperations<Right>>;
  times: Times;
}

/** Makes the operation `read`. It reads a pair in both copies in parallel. */
export function createReadPair<Left, Right>({ left, right, times, now }: ReadParts<Left, Right>) {
  return (pair: Pair, requestId: string): Promise<PairRead<Left, Right>> =>
    withinDeadline({ now }, times, async () => {
      const item = { left: pair.left, right: pair.right, request_ids: [requestId] };
      return decideRead(...(await Promise.all([left.readPairs(item), right.readPairs(item)])));
    });
}
