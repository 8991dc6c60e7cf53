import { z } from 'zod';
import { operation } from './operation.ts';
import { requestIdPattern, uuid } from './values.ts';

/*
 * Between the gateway and the owners every operation takes an array and answers with an array, one outcome per item
 * and in the same order, and is one SQL statement.
 */

/** What one batch may hold: its items, or for lists the pairs they ask for, at most. */
export const maxBatch = 1000;

/** How many client requests may stand behind one item. */
export const maxRequestIds = 64;

/** The ids of the requests that an item belongs to, for the logs. */
export const request_ids = z.array(z.string().regex(requestIdPattern)).min(1).max(maxRequestIds);

export const pair = { event_id: uuid, author_id: uuid };

/** An outcome that says no more than its name. */
export const refusal = <Name extends string>(outcome: Name) => z.object({ outcome: z.literal(outcome) });

export function batchOperation<Item extends z.ZodType, Outcome extends z.ZodType>(
  path: string,
  summary: string,
  item: Item,
  outcome: Outcome,
  { routine = false } = {},
) {
  return operation({
    method: 'POST',
    path,
    summary,
    body: z.strictObject({ items: z.array(item).min(1).max(maxBatch) }),
    answers: { 200: z.object({ outcomes: z.array(outcome) }) },
    problems: ['not_executed', 'outcome_unknown'],
    internal: true,
    routine,
  });
}

export type Batch<Item, Outcome> = (items: Item[]) => Promise<Outcome[]>;
