/** Virtual time, which a test advances. */
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

  /** The number of timers that are neither called nor cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Runs all microtasks of the current turn. */
  runMicrotasks(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends turns until no callback is left at this instant. */
  async runTurns(): Promise<void> {
    await this.runMicrotasks();
    while (this.#turn.length > 0) {
      const callbacks = this.#turn;
      this.#turn = [];
      callbacks.forEach((callback) => callback());
      await this.runMicrotasks();
    }
  }

  /** Advances the time. The timers of one instant are called in one turn, in the order in which they were set. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.runTurns();
    for (let due = this.#earliest(end); due !== null; due = this.#earliest(end)) {
      this.#now = Math.max(this.#now, due);
      for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now)) {
        // a timer may cancel another timer of the same instant
        if (!this.#timers.delete(timer)) continue;
        timer.callback();
        await this.runMicrotasks();
      }
      await this.runTurns();
    }
    this.#now = end;
  }

  /** Advances the time without calling timers, as if the process were suspended. */
  suspend(ms: number): void {
    this.#now += ms;
  }

  #earliest(end: number): number | null {
    const due = [...this.#timers].map(({ at }) => at).filter((at) => at <= end);
    return due.length > 0 ? Math.min(...due) : null;
  }
}
