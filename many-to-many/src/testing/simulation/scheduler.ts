import type { Random } from '../random.ts';
import { endOfTurn } from './turn.ts';

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
 * Virtual time, and all events that are going to happen in it. A seed decides the order of events in the same
 * millisecond.
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

  /** Gives the next moment of a clock that never shows the same moment twice. */
  tick(): number {
    return ++this.#ticks;
  }

  /** Runs something once after so many milliseconds, unless it is cancelled or its host is dead by then. */
  after(ms: number, run: () => void, host?: Host): () => void {
    const scheduled = { time: this.now + Math.max(0, ms), order: this.#random.fraction(), run, host };
    this.#waiting.push(scheduled);
    return () => {
      scheduled.host = dead;
    };
  }

  /** Lets all events happen; `each` is called after every event in a host. */
  async run(each: () => void): Promise<void> {
    for (let next = this.#take(); next; next = this.#take()) {
      if (next.host && !next.host.alive) continue;
      if (next.host && next.host.suspendedUntil > next.time) {
        // the same object, since it may still be cancelled
        next.time = next.host.suspendedUntil;
        this.#waiting.push(next);
        continue;
      }
      this.now = next.time;
      next.run();
      if (!next.host) continue;
      // the microtasks of one event are over before the next
      await endOfTurn();
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
