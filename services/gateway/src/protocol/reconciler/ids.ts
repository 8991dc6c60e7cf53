/** Claim ids from `from` (inclusive) to `to` (exclusive), in the order of their text, which is that of their times. */
export interface Range {
  from: string;
  to: string;
}

export const firstId = '00000000-0000-0000-0000-000000000000';

export const earlier = (a: string, b: string) => (a < b ? a : b);

/** The milliseconds since 1970 in a UUIDv7. */
export function timeOf(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Cuts a range into so many of the same width, or fewer where it is too narrow for that. */
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
