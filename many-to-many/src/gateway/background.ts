/** Collects work that no answer waits for. Shutdown waits for it. */
export class Background {
  readonly #running = new Set<Promise<unknown>>();

  run(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Resolves when nothing is running any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
