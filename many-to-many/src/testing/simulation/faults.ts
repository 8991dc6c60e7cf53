import type { Random } from '../random.ts';
import { around, times } from './times.ts';

const callFaults = [
  'lost request',
  'lost answer',
  'slow request',
  'late request',
  'late answer',
  'refused connection',
  'reset',
  'bare 503',
] as const;
const hostFaults = ['crash', 'restart', 'suspension'] as const;
const otherFaults = ['repeat', 'skew', 'clock step', 'slow statement', 'hanging commit', 'entity lock'] as const;

/** A fault of one call between the gateway and an owner service. */
export type CallFault = (typeof callFaults)[number];
/** A kind of fault that a simulation can have. */
export type Fault = CallFault | (typeof hostFaults)[number] | (typeof otherFaults)[number];

/** Every kind of fault. */
export const allFaults: readonly Fault[] = [...callFaults, ...hostFaults, ...otherFaults];

/**
 * The faults of one history, and how often they strike. Each history has some kinds of faults only: with all of them
 * at once hardly any operation would get far enough to be interesting. Source: Groce et al., "Swarm Testing" (2012).
 */
export class Faults {
  readonly #random: Random;
  readonly #rates = new Map<Fault, number>();
  readonly #late: number;
  readonly #usual: number;
  /** The only operation whose calls are struck; null if any may be. */
  readonly #struck: string | null;
  #quiet = false;
  /** The kinds that struck at least once. */
  readonly struck = new Set<Fault>();

  constructor(random: Random, without: ReadonlySet<Fault>) {
    this.#random = random;
    const share = random.weighted([
      [1, 0],
      [3, 0.2],
      [3, 0.5],
    ]);
    for (const fault of allFaults) {
      const rate = random.fraction() < share ? (rates[fault] ?? 0.4) * random.fraction() : 0;
      if (!without.has(fault)) this.#rates.set(fault, rate);
    }
    this.#late = random.below(latenesses.length);
    this.#struck = random.weighted(struck);
    this.#usual = random.below(3) === 0 ? 1 : 6;
  }

  /** Ends all faults. */
  quiet(): void {
    this.#quiet = true;
  }

  strikes(fault: Fault): boolean {
    const rate = this.#rates.get(fault) ?? 0;
    const strikes = rate > 0 && !this.#quiet && this.#random.fraction() < rate;
    if (strikes) this.struck.add(fault);
    return strikes;
  }

  ofCall(operation: string): CallFault | undefined {
    if (this.#struck !== null && operation !== this.#struck) return undefined;
    return callFaults.find((fault) => this.strikes(fault));
  }

  /** Whether a fault may strike at all in this history. */
  has(fault: Fault): boolean {
    return (this.#rates.get(fault) ?? 0) > 0;
  }

  /** Gives how far a machine's clock is ahead of the slowest one's, at most `bound`. */
  skew(bound: number): number {
    if (!this.has('skew')) return 0;
    this.struck.add('skew');
    return this.#random.weighted([
      [1, 0],
      [1, bound],
      [1, this.#random.below(bound + 1)],
    ]);
  }

  /** Chooses one of so many ways in which something may go: at least 0 and less than `bound`, whole. */
  way(bound: number): number {
    return this.#random.below(bound);
  }

  /** Milliseconds that something takes if nothing is wrong. */
  delay(): number {
    return this.#random.below(this.#usual);
  }

  /** Milliseconds in which much else can happen, and still within the deadline of a call. */
  slowness(): number {
    return this.#random.below(times.callMs - 100);
  }

  /** Milliseconds around one of the bounds on time, mostly the same one in a history. */
  lateness(): number {
    const at = this.#random.below(3) === 0 ? this.#random.below(latenesses.length) : this.#late;
    const [from, to] = latenesses[at] ?? [0, 0];
    return from + this.#random.below(to - from);
  }
}

/** A history has many chances for what happens to a host. */
const rates: Partial<Record<Fault, number>> = {
  crash: 0.05,
  restart: 0.05,
  suspension: 0.03,
  'clock step': 0.2,
  skew: 1,
  'slow statement': 1,
  'slow request': 1,
  repeat: 1,
};

/** An operation of several calls gets far enough only if most of them are spared. */
const struck = [
  [6, null],
  [3, 'insertClaims'],
  [1, 'retireClaims'],
  [0.5, 'readPairs'],
  [0.5, 'dropClaims'],
] as const;

/** Just after the others; around the deadlines; around expiry; around grace. */
const latenesses: readonly (readonly [from: number, to: number])[] = [
  [5, 40],
  around.deadlines,
  around.expiry,
  around.grace,
];
