import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processes } from '@attendance/local/processes/table';

const root = resolve(import.meta.dirname, '../..');

/** `npm start` without npm, in a process group of its own. */
export class StartedSystem {
  output = '';
  readonly pid: number;
  /** The exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  #ended = false;

  constructor(environment: Record<string, string>) {
    const child = spawn(process.execPath, ['local/start.mjs'], {
      cwd: root,
      detached: true,
      // an empty variable counts as unset: tests have a server of their own there
      env: { ...process.env, POSTGRES_URL: '', npm_lifecycle_event: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    // not `exit`: what it printed last is to be here too
    this.exited = new Promise((done) => child.once('close', (code, signal) => done(code ?? signal!)));
    void this.exited.then(() => (this.#ended = true));
    this.pid = child.pid!;
    this.#child = child;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until it has printed a text, after what it had printed when it was asked. */
  async prints(text: string, { after = 0 } = {}): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!this.output.slice(after).includes(text)) {
      if (this.#ended || performance.now() > deadline) throw new Error(`it did not print "${text}":\n${this.output}`);
      await sleep(20);
    }
  }

  ready(): Promise<void> {
    return this.prints('Ctrl-C stops everything.');
  }
}

/** The processes of a data folder's system, the runner left out: by part, their ids. */
export function partsOf(dataFolder: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { pid, args } of processes())
    if (args.some((arg) => arg.includes(`=${dataFolder}/`)))
      found[/services\/(\w+)\//.exec(args.join(' '))?.[1] ?? 'postgres'] = pid;
  return found;
}
