import { machine } from '../../src/environment.ts';
import type { IdKind } from '../../src/ids.ts';

/** The last id that was made of each kind that is counted. */
let made = 0n;

/** Characters whose order as code points differs from that as UTF-16 units, or in a language. */
const characters = ['a', 'B', 'z', 'é', 'Z', '~', '\ue000', '\uffff', '\u{10000}', '🧮'];

/** Makes an id of a kind that was never made before. */
export function newIdOf(kind: IdKind): string {
  if (kind === 'uuid') return machine.newId();
  made += 1n;
  // of different lengths, so that their order as text would be another one
  if (kind === 'bigint') return String(made % 2n === 0n ? made : made * 10n ** 15n);
  const digits = Array.from(String(made), (digit) => characters[Number(digit)] ?? digit);
  return digits.reverse().join('');
}
