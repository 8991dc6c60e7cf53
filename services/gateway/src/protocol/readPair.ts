import type { Author, Event } from '@attendance/common/contract/entities';
import type { Pair } from './add.ts';
import type { AskedOwner } from './ask.ts';
import type { Dependencies } from './dependencies.ts';
import { inTime } from './inTime.ts';
import { decidePair, type Seen } from './visible.ts';

interface ReadParts extends Pick<Dependencies, 'now' | 'times'> {
  author: AskedOwner<Author>;
  conference: AskedOwner<Event>;
}

/** Asks both owners for a pair at once. */
export function createReadPair({ author, conference, ...clock }: ReadParts) {
  return (pair: Pair, requestId: string): Promise<Seen> =>
    inTime(clock, async () => {
      const item = { ...pair, request_ids: [requestId] };
      return decidePair(...(await Promise.all([author.readPair(item), conference.readPair(item)])));
    });
}
