import type { Dependencies } from '../dependencies.ts';

/** What a sleep throws when there is nothing to wake up for. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** Sleeps that can all be ended at once. */
export class Sleeper {
  readonly #timer: Dependencies['timer'];
  readonly #wake = new Set<() => void>();
  #stopped = false;

  constructor({ timer }: Pick<Dependencies, 'timer'>) {
    this.#timer = timer;
  }

  /** @throws {Stopped} at once, where it is or was stopped */
  async sleep(ms: number): Promise<void> {
    if (!this.#stopped)
      await new Promise<void>((resolve) => {
        const wake = () => {
          cancel();
          this.#wake.delete(wake);
          resolve();
        };
        const cancel = this.#timer(ms, wake);
        this.#wake.add(wake);
      });
    this.stayAwake();
  }

  /** Between two steps that take no sleep. @throws {Stopped} where it was stopped */
  stayAwake(): void {
    if (this.#stopped) throw new Stopped();
  }

  stop(): void {
    this.#stopped = true;
    for (const wake of this.#wake) wake();
  }
}
