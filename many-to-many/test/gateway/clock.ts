/** Virtual time for the relation: it moves only when a test says so. */
export class Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();
  #turn: (() => void)[] = [];

  readonly now = () => this.#now;

  readonly timer = (ms: number, callback: () => void) => {
    const timer = { at: this.#now + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  readonly endOfTurn = (callback: () => void) => void this.#turn.push(callback);

  /** How many callbacks are neither called nor cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets every promise go on that can, in the same turn. */
  microtasks(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends turn after turn until nothing is left to do at this instant. */
  async runTurns(): Promise<void> {
    await this.microtasks();
    while (this.#turn.length > 0) {
      const callbacks = this.#turn;
      this.#turn = [];
      callbacks.forEach((callback) => callback());
      await this.microtasks();
    }
  }

  /** Lets time pass. Timers that are due at one instant are called in one turn, in the order in which they were set. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.runTurns();
    for (let due = this.#earliest(end); due !== null; due = this.#earliest(end)) {
      this.#now = Math.max(this.#now, due);
      for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now)) {
        // one that is due may cancel another
        if (!this.#timers.delete(timer)) continue;
        timer.callback();
        await this.microtasks();
      }
      await this.runTurns();
    }
    this.#now = end;
  }

  /** Suspends the process: time passes, and no timer is called. */
  suspend(ms: number): void {
    this.#now += ms;
  }

  #earliest(end: number): number | null {
    const due = [...this.#timers].map(({ at }) => at).filter((at) => at <= end);
    return due.length > 0 ? Math.min(...due) : null;
  }
}
