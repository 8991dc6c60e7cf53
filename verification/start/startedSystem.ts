import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTaken } from '@attendance/local/processes/ports';
import { processes } from '@attendance/local/processes/table';

const root = resolve(import.meta.dirname, '../..');

const command = [process.execPath, 'local/start.mjs'];
/** Runs a command in a project folder that nobody can write to. */
const mountReadOnly = 'mount --bind . . && mount -o remount,bind,ro . && cd "$PWD" && exec "$@"';
const readOnly = ['unshare', '--mount', 'sh', '-c', mountReadOnly, 'sh'];

/** What `make start` runs, in a process group of its own. */
export class StartedSystem {
  output = '';
  readonly pid: number;
  /** The exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  #ended = false;

  constructor(environment: Record<string, string>, { isReadOnly = false } = {}) {
    const [program, ...args] = isReadOnly ? [...readOnly, ...command] : command;
    const child = spawn(program!, args, {
      cwd: root,
      detached: true,
      // the tests' own server is in POSTGRES_URL
      env: { ...process.env, POSTGRES_URL: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    // after `exit` there may still be output
    this.exited = new Promise((done) => child.once('close', (code, signal) => done(code ?? signal!)));
    void this.exited.then(() => (this.#ended = true));
    this.pid = child.pid!;
    this.#child = child;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until it has printed a text. */
  async prints(text: string): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!this.output.includes(text)) {
      if (this.#ended || performance.now() > deadline) throw new Error(`it did not print "${text}":\n${this.output}`);
      await sleep(20);
    }
  }

  ready(): Promise<void> {
    return this.prints('Ctrl-C stops everything.');
  }
}

/**
 * Finds the ids of the processes that `make start` started for a data folder, by component. Leaves out their children: a
 * new process of PostgreSQL has the arguments of its parent for a moment.
 */
export function componentsOf(dataFolder: string): Record<string, number> {
  const started = processes().filter(({ args }) => args.some((arg) => arg.includes(`=${dataFolder}/`)));
  const pids = new Set(started.map(({ pid }) => pid));
  const components = started.filter(({ pid }) => !pids.has(parentOf(pid)));
  return Object.fromEntries(
    components.map(({ pid, args }) => [/services\/(\w+)\//.exec(args.join(' '))?.[1] ?? 'postgres', pid]),
  );
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // it has ended, or this is not Linux
    return 0;
  }
}

/** Finds the first of four free ports in a row; those that are 1000 higher are free too. */
export async function freePorts(): Promise<number> {
  for (;;) {
    // below the ports of outgoing connections
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const wanted = [0, 1, 2, 3, 1000, 1001, 1002].map((offset) => first + offset);
    if (!(await Promise.all(wanted.map(isTaken))).includes(true)) return first;
  }
}
