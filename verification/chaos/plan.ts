import type { Times } from '@attendance/common/times';
import type { Random } from 'many-to-many/testing';
import { scanTakes } from './reconciling.ts';

export const gateways = ['gateway 1', 'gateway 2'] as const;

/** What runs; each of them is killed, frozen and started again. */
export const processes = [...gateways, 'author', 'conference', 'postgres'] as const;
export type ProcessName = (typeof processes)[number];

/** Who connects to whom; on each of these ways stands a proxy. */
export const edges = [
  ...gateways.map((gateway) => `clients > ${gateway}` as const),
  ...gateways.flatMap((gateway) => [`${gateway} > author`, `${gateway} > conference`] as const),
  'author > postgres',
  'conference > postgres',
] as const;
export type EdgeName = (typeof edges)[number];

export const edgeFaults = ['delay', 'slow', 'cut before', 'cut after', 'blackhole', 'refuse'] as const;
export type EdgeFault = (typeof edgeFaults)[number];

/** One thing that goes wrong for a while. */
export type Fault = {
  /** Milliseconds since the beginning, and from then on. */
  at: number;
  lasts: number;
} & (
  | { kind: EdgeFault; target: EdgeName }
  /** SIGKILL, and a new start at the end. */
  | { kind: 'kill'; target: ProcessName | 'everything' }
  /** SIGSTOP, and SIGCONT at the end. */
  | { kind: 'freeze'; target: ProcessName }
  /** SIGKILL to one connection's process, which makes PostgreSQL end all connections and recover. */
  | { kind: 'kill backend'; target: 'postgres' }
);

/** A fault that has no time yet. */
type Card = Fault extends infer F ? (F extends Fault ? Omit<F, 'at' | 'lasts'> : never) : never;

const networkCards: Card[] = edges.flatMap((target) => edgeFaults.map((kind) => ({ kind, target })));
const processCards: Card[] = [
  ...processes.flatMap((target) => [{ kind: 'kill', target } as const, { kind: 'freeze', target } as const]),
  // the gateways are what can be lost without everybody noticing
  ...gateways.flatMap((target) => [{ kind: 'kill', target } as const, { kind: 'freeze', target } as const]),
  { kind: 'kill backend', target: 'postgres' },
  { kind: 'kill', target: 'everything' },
];

/**
 * All faults of a run, in the order of time. They are dealt from two shuffled decks, so that each kind strikes each
 * target about as often as any other. No target has two faults at a time, and none begins on an edge while a process at
 * its end is struck; a process may well be struck while one of its edges is. After each grace period of faults comes
 * a calm, in which a scan of the reconcilers reaches its end, beside the clients.
 * @param during milliseconds
 */
export function planFaults(random: Random, { during, times }: { during: number; times: Times }): Fault[] {
  const { expiryMs, graceMs } = times;
  const calm = times.scanEveryMs + scanTakes(times);
  const isCalm = (at: number) => at % (graceMs + calm) >= graceMs;
  const faults: Fault[] = [];
  const deal = (cards: Card[], every: number, lasts: (card: Card) => number) => {
    let deck: Card[] = [];
    for (let at = random.below(2 * every); at < during; at += random.below(2 * every)) {
      if (isCalm(at)) continue;
      if (deck.length === 0) deck = random.shuffled(cards);
      const now = at;
      const busy = faults.filter((fault) => fault.at <= now && now < fault.at + fault.lasts);
      const free = deck.findIndex((card) => !busy.some((fault) => touch(fault, card)));
      const [card] = free < 0 ? [] : deck.splice(free, 1);
      if (card) faults.push({ ...card, at, lasts: Math.min(lasts(card), during - at) });
    }
  };
  // some are frozen for longer than an add is accepted
  deal(processCards, 2_500, ({ kind }) =>
    kind === 'freeze' && random.below(8) === 0
      ? between(random, expiryMs, 1.3 * expiryMs)
      : between(random, 100, 2_000),
  );
  deal(networkCards, 600, () => between(random, 100, 1_500));
  return faults.sort((a, b) => a.at - b.at);
}

/** Whether one process has to do with both. */
function touch(a: Card, b: Card): boolean {
  if (a.target === 'everything' || b.target === 'everything') return true;
  const isEdge = (card: Card) => card.target.includes(' > ');
  if (isEdge(a) && isEdge(b)) return a.target === b.target;
  return a.target.split(' > ').includes(b.target) || b.target.split(' > ').includes(a.target);
}

/** Short ones are as frequent as long ones: the logarithm is evenly spread. */
export function between(random: Random, least: number, most: number): number {
  return Math.round(least * (most / least) ** random.fraction());
}
