import { maxPage } from 'many-to-many';
import { z } from 'zod';

/**
 * Text of 1 to `max` characters (Unicode code points) that every PostgreSQL database can hold: no U+0000, no
 * lone surrogates.
 */
export function text(max: number) {
  return z
    .string()
    .superRefine((value, context) => {
      const refuse = (message: string) => context.addIssue({ code: 'custom', message });
      if (value.length === 0) refuse('must not be empty');
      // a code point has one or two UTF-16 units, so most lengths need no counting
      if (value.length > 2 * max || (value.length > max && Array.from(value).length > max))
        refuse(`must be at most ${max} characters`);
      if (value.includes('\0')) refuse('must not contain U+0000');
      if (!value.isWellFormed()) refuse('must not contain lone surrogates');
    })
    .meta({ minLength: 1, maxLength: max });
}

/** RFC 3339 in UTC, with milliseconds. */
export const timestamp = z.iso.datetime({ precision: 3 });

/** The number of items on a page: unless the client chooses one, and at most. */
export const pageSize = { default: 50, max: maxPage } as const;

/** A whole number that arrives as text: decimal digits, without sign, leading zero, point, exponent or blanks. */
export function wholeNumber({ min, max }: { min: number; max: number }) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && /^(0|[1-9]\d*)$/.test(value) ? Number(value) : value),
    z.int({ error }).min(min, { error }).max(max, { error }),
  );
}

export const pageQuery = {
  limit: wholeNumber({ min: 1, max: pageSize.max })
    .default(pageSize.default)
    .describe('Maximum number of items on the page'),
  cursor: z.string().min(1).max(512).optional().describe("A page's `next_cursor`, for the page after it"),
};

/** Null at the end. */
export const nextCursor = z.string().nullable();

export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: nextCursor });
}
