/** Random numbers that a seed repeats. */
export interface Random {
  /** At least 0 and less than 1. */
  fraction(): number;
  /** At least 0 and less than `bound`, whole. */
  below(bound: number): number;
  /** One of the items, each as often as its weight says. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T;
  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[];
}

/** Source: mulberry32 by Tommy Ettinger, 2017 (public domain); 32 bits of state are enough for a test's plan. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function weighted<T>(items: readonly (readonly [number, T])[]): T {
    let rest = fraction() * items.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    throw new Error('weighted: nothing to choose from');
  }

  function shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, order: fraction() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }

  return { fraction, below: (bound) => Math.floor(fraction() * bound), weighted, shuffled };
}
