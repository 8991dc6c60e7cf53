import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that was started here. */
export interface Running {
  readonly pid: number;
  /** How it ended, such as "exited with code 1". */
  readonly exited: Promise<string>;
  /** Asks it to end, and forces it if it does not. */
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * @param stops the signals that end it, the gentlest first, each with how long it then has, in milliseconds
 * @throws if it could not be started
 */
export async function running(
  child: ChildProcess,
  stops: { signal: NodeJS.Signals; wait: number }[],
): Promise<Running> {
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `was killed by ${signal}` : `ended with code ${code ?? 0}`));
  });
  const { pid } = child;
  if (pid === undefined) throw await new Promise<Error>((resolve) => child.once('error', resolve));
  return {
    pid,
    exited,
    kill: (signal) => void child.kill(signal),
    async stop() {
      for (const { signal, wait } of stops) {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill(signal);
        await Promise.race([exited, sleep(wait, undefined, { ref: false })]);
      }
      child.kill('SIGKILL');
      await exited;
    },
  };
}
