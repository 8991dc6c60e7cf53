import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a process has to end when it is asked to. */
const stopTimeoutMs = 10_000;
/** How long a process may take to become ready. PostgreSQL may first have to recover from a crash. */
const readyTimeoutMs = 60_000;

/** A process that was started here. */
export interface RunningProcess {
  readonly pid: number;
  /** How it ended, such as "ended with code 1". */
  readonly exited: Promise<string>;
  /** Asks it to end, and kills it if it has not ended after 10 s. */
  stop(): Promise<void>;
  /** Reads the end of what it has logged, to append to an error message. */
  logged(): string;
}

interface ProcessOptions {
  env: NodeJS.ProcessEnv;
  /** The file that its output is appended to. */
  log: string;
  /** The signal that asks it to end. */
  stopSignal: NodeJS.Signals;
}

/**
 * Starts a process in a session of its own: Ctrl-C does not reach it, so that we can stop all processes in order.
 * @throws if it could not be started
 */
export async function startProcess(
  [command = '', ...args]: string[],
  { env, log, stopSignal }: ProcessOptions,
): Promise<RunningProcess> {
  const file = openSync(log, 'a', 0o600);
  const start = statSync(log).size;
  let child: ChildProcess;
  try {
    child = spawn(command, args, { cwd: '/', detached: true, env, stdio: ['ignore', file, file] });
  } finally {
    closeSync(file);
  }
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `was killed by ${signal}` : `ended with code ${code ?? 0}`));
  });
  const { pid } = child;
  if (pid === undefined) throw await new Promise<Error>((resolve) => child.once('error', resolve));
  return {
    pid,
    exited,
    logged: () => readEnd(log, start),
    async stop() {
      child.kill(stopSignal);
      await Promise.race([exited, sleep(stopTimeoutMs, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/**
 * Waits until a process is ready.
 * @throws with the end of its log if it ends before, or is not ready in time; then it does not run any more
 */
export async function waitUntilReady(
  name: string,
  started: RunningProcess,
  isReady: () => boolean | Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  let failure: string | undefined;
  void started.exited.then((how) => (failure = how));
  const deadline = performance.now() + readyTimeoutMs;
  while (failure === undefined) {
    if (signal?.aborted) {
      await started.stop();
      signal.throwIfAborted();
    }
    if (await isReady()) return;
    if (performance.now() > deadline) {
      await started.stop();
      failure = `was not ready after ${readyTimeoutMs / 1_000} s`;
    }
    await sleep(10);
  }
  throw new Error(`${name} ${failure}${started.logged()}`);
}

/** Reads the last lines of a log, as far as they were written after `start`. */
function readEnd(log: string, start: number): string {
  const lines = readFileSync(log).subarray(start).toString().trimEnd().split('\n').slice(-15).join('\n');
  return lines && `:\n${lines}`;
}
