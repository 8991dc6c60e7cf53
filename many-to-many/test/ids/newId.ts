import { machine } from '../../src/environment.ts';
import type { IdKind } from '../../src/ids.ts';

let counter = 0n;

/** Characters whose order as code points differs from their order as UTF-16 units or in a language. */
const characters = ['a', 'B', 'z', 'é', 'Z', '~', '\ue000', '\uffff', '\u{10000}', '🧮'];

/** Creates a new id of a kind. */
export function newIdOf(kind: IdKind): string {
  if (kind === 'uuid') return machine.newId();
  counter += 1n;
  // ids of different lengths, whose order as text is different
  if (kind === 'bigint') return String(counter % 2n === 0n ? counter : counter * 10n ** 15n);
  const digits = Array.from(String(counter), (digit) => characters[Number(digit)] ?? digit);
  return digits.reverse().join('');
}
