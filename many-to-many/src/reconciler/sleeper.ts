import type { Environment } from '../environment.ts';

/** The reconciler was stopped. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** Makes sleeps that `stop` ends all at once. */
export class Sleeper {
  readonly #timer: Environment['timer'];
  readonly #wake = new Set<() => void>();
  #stopped = false;

  constructor({ timer }: Pick<Environment, 'timer'>) {
    this.#timer = timer;
  }

  /** Sleeps. @throws {Stopped} at once if the sleeper is stopped or was stopped before */
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

  /** Checks whether to continue, between two steps without a sleep. @throws {Stopped} if the sleeper was stopped */
  stayAwake(): void {
    if (this.#stopped) throw new Stopped();
  }

  stop(): void {
    this.#stopped = true;
    for (const wake of this.#wake) wake();
  }
}
