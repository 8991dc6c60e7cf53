import type { Random } from '../histories/random.ts';

/** UUIDv7s of a seed: of the same millisecond in random order, random in their last bytes, never the same twice. */
export function createIds(random: Random): (ms: number) => string {
  let count = 0;
  return (ms) => {
    const time = ms.toString(16).padStart(12, '0');
    const order = random.below(0x1000).toString(16).padStart(3, '0');
    // sums of ids tell sets of them apart only if they are random
    const last = random.below(0x1000000).toString(16).padStart(6, '0') + (++count).toString(16).padStart(6, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-8000-${last}`;
  };
}
