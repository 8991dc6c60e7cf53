import { z } from 'zod';

/** The kinds of ids that an entity can have. All of them are strings in JavaScript and in JSON. */
export type IdKind = 'uuid' | 'bigint' | 'text';

/** The properties of a kind of ids. */
export interface Id {
  /** Validates an id and returns its canonical form: equal ids are equal strings. */
  readonly schema: z.ZodType<string>;
  /** The SQL type of a column. */
  readonly column: string;
  /** The SQL type of a parameter. */
  readonly parameter: string;
  /** SQL: a value that comes before all ids. */
  readonly lowest: string;
  /** SQL: a value that comes after all ids. */
  readonly highest: string;
  /** Returns SQL for an id of the claims table that compares it by the collation of the entities' column. */
  readonly withoutCollation: (id: string) => string;
  /** Compares ids in PostgreSQL's order: negative if `a` comes first. */
  readonly compare: (a: string, b: string) => number;
}

/** A UUID in its text form, kept in lower case, as PostgreSQL prints it. */
export const uuid = z.guid({ error: 'must be a UUID' }).toLowerCase();

/** A UUIDv7 (RFC 9562): its first 48 bits are the milliseconds since 1970 at which it was made. */
export const uuidv7 = z.uuidv7({ error: 'must be a UUIDv7' }).toLowerCase();

const largestBigint = 2n ** 63n - 1n;
const bigint = z
  .string()
  .regex(/^[1-9]\d{0,18}$/, { error: 'must be a whole number from 1 to 9223372036854775806, as a string', abort: true })
  .refine((text) => BigInt(text) < largestBigint, { error: 'must be less than 9223372036854775807' });

/** The most characters (Unicode code points) of a text id. */
const longestText = 255;
const text = z
  .string()
  .min(1, { error: 'must not be empty' })
  .refine((id) => Array.from(id).length <= longestText, { error: `must be at most ${longestText} characters` })
  .refine((id) => !id.includes('\0') && id.isWellFormed(), {
    error: 'must not contain U+0000 or lone surrogates',
  });

/** The kinds of ids, by name. */
export const ids: Readonly<Record<IdKind, Id>> = {
  uuid: {
    schema: uuid,
    column: 'uuid',
    parameter: 'uuid',
    lowest: `'00000000-0000-0000-0000-000000000000'`,
    highest: `'ffffffff-ffff-ffff-ffff-ffffffffffff'`,
    withoutCollation: unchanged,
    compare: compareUnits,
  },
  bigint: {
    schema: bigint,
    column: 'bigint',
    parameter: 'bigint',
    lowest: '0',
    highest: String(largestBigint),
    withoutCollation: unchanged,
    compare: (a, b) => a.length - b.length || compareUnits(a, b),
  },
  text: {
    schema: text,
    // the order of bytes, which is that of code points, in every locale of the database
    column: 'text COLLATE "C"',
    parameter: 'text',
    lowest: `''`,
    highest: `repeat(chr(1114111), ${longestText + 1})`,
    // otherwise PostgreSQL could not decide between two collations, or would not use the index of the entities' table
    withoutCollation: (id) => `textin(textout(${id}))`,
    compare: compareCodePoints,
  },
};

function unchanged(id: string): string {
  return id;
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares by code points. The order of UTF-16 units differs: surrogates come before U+E000 to U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [i, character] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
