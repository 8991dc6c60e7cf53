import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './output.ts';
import type { RunningProcess } from './processes/child.ts';

/** A process that the system needs. */
export interface Component {
  readonly name: string;
  /**
   * @returns when it is ready
   * @throws if it ends before that, or if `signal` is aborted; then no process is left running
   */
  start(signal: AbortSignal): Promise<RunningProcess>;
  /** Sends it a request. A refusal is an answer too. */
  ask(): Promise<unknown>;
}

export interface Supervised {
  /** Rejects if it does not start the first time. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

const maxDelayMs = 5_000;
const askEveryMs = 2_000;
const answerTimeoutMs = 5_000;

/** Starts a component, restarts it whenever it ends, and reports when it does not answer. */
export function supervise(component: Component, report: (text: string) => void): Supervised {
  const { name } = component;
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: RunningProcess | undefined;

  const ready = start().then(() => undefined);
  const supervised = ready.then(keepRunning).catch(() => undefined);

  async function start(): Promise<void> {
    current = await component.start(signal);
    // it became ready just when it was told to stop
    if (signal.aborted) await current.stop();
  }

  async function keepRunning(): Promise<void> {
    while (current) {
      const how = await untilExit(current);
      signal.throwIfAborted();
      report(`${name} ${how}: starting it again`);
      await restart();
      report(`${name} is ready again`);
    }
  }

  /** Tries until it is ready, after a growing delay. */
  async function restart(): Promise<void> {
    for (let delayMs = 0; ; delayMs = Math.min(2 * delayMs + 200, maxDelayMs)) {
      await sleep(delayMs, undefined, { signal });
      try {
        await start();
        return;
      } catch (error) {
        signal.throwIfAborted();
        report(`could not start ${name}, trying again: ${messageOf(error)}`);
      }
    }
  }

  /** Reports meanwhile when it stops answering, for example because it is frozen, and when it answers again. */
  async function untilExit({ pid, exited }: RunningProcess): Promise<string> {
    let end: string | undefined;
    const exit = exited.then((how) => (end = how));
    let answered = true;
    while (end === undefined) {
      await Promise.race([exit, sleep(askEveryMs, undefined, { ref: false })]);
      const answers = await Promise.race([exit, answersInTime()]);
      if (answers === answered || typeof answers === 'string' || signal.aborted) continue;
      answered = answers;
      report(
        answers
          ? `${name} answers again`
          : `${name} does not answer: \`kill -CONT ${pid}\` resumes it if it is frozen, \`kill -KILL ${pid}\` restarts it`,
      );
    }
    return end;
  }

  function answersInTime(): Promise<boolean> {
    const yes = () => true;
    return Promise.race([component.ask().then(yes, yes), sleep(answerTimeoutMs, false, { ref: false })]);
  }

  return {
    ready,
    async stop() {
      stopping.abort();
      await current?.stop();
      await supervised;
    },
  };
}
