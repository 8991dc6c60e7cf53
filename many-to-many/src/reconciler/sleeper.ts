import type { Environment } from '../environment.ts';

/** What a sleep throws when the work has been given up. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** Sleeps that can all be ended at once. */
export class Sleeper {
  readonly #timer: Environment['timer'];
  readonly #wake = new Set<() => void>();
  #stopped = false;

  constructor({ timer }: Pick<Environment, 'timer'>) {
    this.#timer = timer;
  }

  /** @throws {Stopped} at once if it is stopped meanwhile, or was before */
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

  /** Checks between two steps that take no sleep. @throws {Stopped} if it was stopped */
  stayAwake(): void {
    if (this.#stopped) throw new Stopped();
  }

  stop(): void {
    this.#stopped = true;
    for (const wake of this.#wake) wake();
  }
}
