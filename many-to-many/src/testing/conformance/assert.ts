/** A claim of the suite that does not hold. Test runners show how `actual` and `expected` differ. */
export class NotConforming extends Error {
  override name = 'NotConforming';
  readonly actual: unknown;
  readonly expected: unknown;
  readonly showDiff = true;

  constructor(message: string, { actual, expected }: { actual: unknown; expected: unknown }) {
    super(message);
    this.actual = actual;
    this.expected = expected;
  }
}

/** Checks that two values are deeply equal. @throws {NotConforming} */
export function equal(actual: unknown, expected: unknown, what = 'the outcomes'): void {
  if (same(actual, expected)) return;
  const message = `${what} must be ${JSON.stringify(expected)}, not ${JSON.stringify(actual)}`;
  throw new NotConforming(message, { actual, expected });
}

/** Checks a condition. @throws {NotConforming} */
export function holds(condition: boolean, what: string): void {
  if (!condition) throw new NotConforming(`this must hold: ${what}`, { actual: condition, expected: true });
}

/** Gives a value that must be there. @throws {NotConforming} */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined)
    throw new NotConforming('there must be a value', { actual: value, expected: 'a value' });
  return value;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (!isRecord(a) || !isRecord(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
