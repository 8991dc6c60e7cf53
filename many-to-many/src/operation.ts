import { z } from 'zod';

/*
 * Between the gateway and the owner services every operation takes an array and answers with an array, one outcome for
 * each item and in the same order, and is one SQL statement.
 */

/** The weight that one batch may have: its items, or for lists the pairs that they ask for. */
export const maxBatch = 1000;

/** How many client requests may stand behind one item. */
export const maxRequestIds = 64;

/** What the id of a request looks like. */
export const requestIdPattern = /^[A-Za-z0-9._-]{1,64}$/;

/** The ids of the requests that an item belongs to, for the logs. */
export const request_ids = z.array(z.string().regex(requestIdPattern)).min(1).max(maxRequestIds);

/** One wire operation, declared once. The server's validation, the client and the batching are derived from it. */
export interface Operation<Item extends z.ZodType = z.ZodType, Outcome extends z.ZodType = z.ZodType> {
  readonly summary: string;
  /** Closed, so that no typo goes unnoticed. */
  readonly item: Item;
  /** Open: a client leaves out what a newer server adds. */
  readonly outcome: Outcome;
  /** What an item adds to the weight of its batch. */
  weigh(item: z.output<Item>): number;
  /** The outcome that stays true where the call had to be repeated; null for what changes nothing. */
  readonly provenBy: string | null;
  /** Called every few seconds; logged at debug level. */
  readonly routine: boolean;
}

export type Operations = Readonly<Record<string, Operation>>;

type Fields<Shape extends z.ZodRawShape> = { [Name in keyof Shape]: z.output<Shape[Name]> };

interface Declaration<Shape extends z.ZodRawShape, Outcome extends z.ZodType> {
  summary: string;
  /** The fields of an item; `request_ids` is added. */
  item: Shape;
  outcome: Outcome;
  weigh?(item: Fields<Shape>): number;
  provenBy?: z.output<Outcome> extends { outcome: infer Name } ? Name : never;
  routine?: boolean;
}

/** Declares an operation. An item weighs 1, the operation changes nothing and is not routine, unless given. */
export function operation<Shape extends z.ZodRawShape, Outcome extends z.ZodType>(
  declaration: Declaration<Shape, Outcome>,
) {
  const { summary, item, outcome, provenBy, routine = false } = declaration;
  return {
    summary,
    item: z.strictObject({ ...item, request_ids }),
    outcome,
    weigh: (fields: Fields<Shape>) => declaration.weigh?.(fields) ?? 1,
    provenBy: (provenBy as string | undefined) ?? null,
    routine,
  };
}

export type ItemOf<O extends Operation> = z.output<O['item']>;
export type OutcomeOf<O extends Operation> = z.output<O['outcome']>;

/** One function for each operation: takes a batch of items and gives their outcomes, in the same order. */
export type Batches<Table extends Operations> = {
  [Name in keyof Table]: (items: ItemOf<Table[Name]>[]) => Promise<OutcomeOf<Table[Name]>[]>;
};

/** The body of a call: its items, which weigh at most `maxBatch` together. A single item may be heavier. */
export function batchOf(operation: Operation) {
  const weightOf = (items: unknown[]) => items.reduce<number>((sum, item) => sum + operation.weigh(item), 0);
  return z.strictObject({
    items: z
      .array(operation.item)
      .min(1)
      .max(maxBatch)
      .refine((items) => items.length === 1 || weightOf(items) <= maxBatch, {
        error: `must weigh at most ${maxBatch} together`,
      }),
  });
}

const answers = new WeakMap<Operation, ReturnType<typeof outcomesOf>>();

/** The body of the answer to a call. Built once for each operation: to build a schema takes longer than to use it. */
export function outcomesOf(operation: Operation): z.ZodObject<{ outcomes: z.ZodArray }> {
  const answer = answers.get(operation) ?? z.object({ outcomes: z.array(operation.outcome) });
  answers.set(operation, answer);
  return answer;
}
