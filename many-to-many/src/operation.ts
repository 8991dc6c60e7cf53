import { z } from 'zod';

/*
 * Every operation between the gateway and the owner services takes an array of items and answers with an array of
 * outcomes, one for each item and in the same order. It runs as one SQL statement.
 */

/** The largest weight of a batch. The weight is the number of items, or for lists the number of pairs they ask for. */
export const maxBatch = 1000;

/** The most requests that may share one item. */
export const maxRequestIds = 64;

/** Matches the id of a request. */
export const requestIdPattern = /^[A-Za-z0-9._-]{1,64}$/;

/** Validates the ids of the requests that an item belongs to. Owner services log them. */
export const request_ids = z.array(z.string().regex(requestIdPattern)).min(1).max(maxRequestIds);

/** A wire operation. The server's validation, the client and the batching are derived from it. */
export interface Operation<Item extends z.ZodType = z.ZodType, Outcome extends z.ZodType = z.ZodType> {
  readonly summary: string;
  /** Validates an item. It rejects unknown fields, so that a typo is noticed. */
  readonly item: Item;
  /** Validates an outcome. It removes unknown fields, which a newer server may have added. */
  readonly outcome: Outcome;
  /** Returns the weight of an item. */
  weigh(item: z.output<Item>): number;
  /** The only outcome that counts after the call was repeated; null if the operation changes nothing. */
  readonly provenBy: string | null;
  /** Called every few seconds; logged at debug level. */
  readonly routine: boolean;
}

/** A table of operations, by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** The fields of an item, as they are declared. */
export type Fields<Shape extends z.ZodRawShape> = { [Name in keyof Shape]: z.output<Shape[Name]> };

/** The declaration of an operation. */
export interface Declaration<Shape extends z.ZodRawShape, Outcome extends z.ZodType> {
  /** A short sentence for the documentation of the service. */
  summary: string;
  /** The fields of an item; `request_ids` is added. */
  item: Shape;
  /** Validates the outcome of an item. */
  outcome: Outcome;
  /** Returns the weight of an item; 1 unless given. */
  weigh?(item: Fields<Shape>): number;
  /** The only outcome that counts after the call was repeated. Left out if the operation changes nothing. */
  provenBy?: z.output<Outcome> extends { outcome: infer Name } ? Name : never;
  /** Called every few seconds; logged at debug level. */
  routine?: boolean;
}

/** Declares an operation. */
export function operation<Shape extends z.ZodRawShape, Outcome extends z.ZodType>(
  declaration: Declaration<Shape, Outcome>,
): Operation<z.ZodObject<Shape & { request_ids: typeof request_ids }, z.core.$strict>, Outcome> {
  const { summary, item, outcome, provenBy, routine = false } = declaration;
  return {
    summary,
    item: z.strictObject({ ...item, request_ids }),
    outcome,
    weigh: (fields: object) => declaration.weigh?.(fields as Fields<Shape>) ?? 1,
    provenBy: (provenBy as string | undefined) ?? null,
    routine,
  };
}

/** An item of an operation. */
export type ItemOf<O extends Operation> = z.output<O['item']>;
/** The outcome of an item of an operation. */
export type OutcomeOf<O extends Operation> = z.output<O['outcome']>;

/** One function for each operation of a table. It takes a batch of items and returns their outcomes in that order. */
export type Batches<Table extends Operations> = {
  [Name in keyof Table]: (items: ItemOf<Table[Name]>[]) => Promise<OutcomeOf<Table[Name]>[]>;
};

/** Makes the schema of a call's body: items that weigh at most `maxBatch` together. A single item may be heavier. */
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

/** Returns the schema of a call's answer. Each is built once, because building a schema takes longer than using it. */
export function outcomesOf(operation: Operation): z.ZodObject<{ outcomes: z.ZodArray }> {
  const answer = answers.get(operation) ?? z.object({ outcomes: z.array(operation.outcome) });
  answers.set(operation, answer);
  return answer;
}
