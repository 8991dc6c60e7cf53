import type { Random } from '../histories/random.ts';

/** A process that can be suspended, and killed. */
export interface Host {
  alive: boolean;
  suspendedUntil: number;
}

interface Scheduled {
  time: number;
  order: number;
  run: () => void;
  host: Host | undefined;
}

/**
 * Virtual time, and all that is going to happen in it, in the order of a seed: what falls into the same millisecond
 * happens in random order, and how many milliseconds anything takes is drawn too.
 */
export class Scheduler {
  /** Milliseconds since the history began. */
  now = 0;
  readonly #random: Random;
  readonly #waiting: Scheduled[] = [];
  #ticks = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next moment of a clock that never shows the same moment twice. */
  tick(): number {
    return ++this.#ticks;
  }

  /** Runs once after so many milliseconds, unless cancelled or, where it runs in a host, that is dead by then. */
  after(ms: number, run: () => void, host?: Host): () => void {
    const scheduled = { time: this.now + Math.max(0, ms), order: this.#random.fraction(), run, host };
    this.#waiting.push(scheduled);
    return () => {
      scheduled.host = dead;
    };
  }

  /** Lets everything happen; `each` is called after every event in a host. */
  async run(each: () => void): Promise<void> {
    for (let next = this.#take(); next; next = this.#take()) {
      if (next.host && !next.host.alive) continue;
      if (next.host && next.host.suspendedUntil > next.time) {
        // itself, for it may still be cancelled
        next.time = next.host.suspendedUntil;
        this.#waiting.push(next);
        continue;
      }
      this.now = next.time;
      next.run();
      if (!next.host) continue;
      // the microtasks of one event are over before the next; the hop costs about 1 µs
      await new Promise((resolve) => setImmediate(resolve));
      each();
    }
  }

  #take(): Scheduled | undefined {
    let first = 0;
    for (let i = 1; i < this.#waiting.length; i++) {
      const [one, other] = [this.#waiting[first], this.#waiting[i]];
      if (one && other && (other.time < one.time || (other.time === one.time && other.order < one.order))) first = i;
    }
    const next = this.#waiting[first];
    const last = this.#waiting.pop();
    if (last && next !== last) this.#waiting[first] = last;
    return next;
  }
}

const dead: Host = { alive: false, suspendedUntil: 0 };
