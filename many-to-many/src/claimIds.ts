/**
 * A range of claim ids, from `from` (inclusive) to `to` (exclusive). The order of claim ids is that of their text, and so
 * of their times.
 */
export interface Range {
  from: string;
  to: string;
}

/** The id that comes before every claim id. */
export const firstId = '00000000-0000-0000-0000-000000000000';

export const earlier = (a: string, b: string) => (a < b ? a : b);

/** Returns the time at which a UUIDv7 was made, in milliseconds since 1970. */
export function timeOf(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/**
 * Makes a UUIDv7 (RFC 9562) for a time.
 * @param ms milliseconds since 1970
 * @param random 10 random bytes
 */
export function uuidv7At(ms: number, random: Uint8Array): string {
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = Math.floor(ms).toString(16).padStart(12, '0');
  const variant = (0x8 | ((random[2] ?? 0) & 0x3)).toString(16);
  return [time.slice(0, 8), time.slice(8), `7${hex.slice(0, 3)}`, variant + hex.slice(5, 8), hex.slice(8, 20)].join(
    '-',
  );
}

/** Cuts a range into `parts` ranges of about the same width, or into fewer if the range is too narrow. */
export function split({ from, to }: Range, parts: bigint): Range[] {
  const [first, width] = [numberOf(from), numberOf(to) - numberOf(from)];
  const cuts = Array.from({ length: Number(parts) }, (_, i) => first + (width * BigInt(i)) / parts);
  const ends = [...cuts.slice(1), first + width];
  return cuts
    .map((cut, i) => ({ from: cut, to: ends[i] ?? cut }))
    .filter((part) => part.from < part.to)
    .map((part) => ({ from: idOf(part.from), to: idOf(part.to) }));
}

function numberOf(id: string): bigint {
  return BigInt(`0x${id.replaceAll('-', '')}`);
}

function idOf(number: bigint): string {
  const hex = number.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
