import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One line of a service's log, parsed. */
export type LogLine = Record<string, unknown> & { msg: string };

/** A service as a process of its own: the compiled JavaScript, which a test may freeze, kill and start again. */
export class ServiceProcess {
  /** What it said; where that goes to a file, that it listens. */
  readonly logs: LogLine[] = [];
  url = '';
  managementUrl = '';
  #child: ChildProcess | undefined;
  readonly #main: string;
  readonly #log: string | undefined;
  #environment: Record<string, string>;

  /** @param log the file that is given what it says, where that is too much to keep */
  constructor(main: string, environment: Record<string, string>, { log }: { log?: string } = {}) {
    this.#main = main;
    this.#log = log;
    this.#environment = { HOST: '127.0.0.1', PORT: '0', MANAGEMENT_PORT: '0', ...environment };
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /**
   * Starts it and waits until it listens, on the same ports where it ran before.
   * @param more of its environment, kept for the next start
   */
  async start(more: Record<string, string> = {}): Promise<this> {
    const environment = { ...this.#environment, ...more };
    const child = spawn(process.execPath, [this.#main], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const file = this.#log === undefined ? undefined : createWriteStream(this.#log, { flags: 'a' });
    const listening = new Promise<LogLine>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${this.#main} exited with ${code}: ${errors}`)));
      const keep = (text: string) => {
        const line = JSON.parse(text) as LogLine;
        this.logs.push(line);
        if (line.msg === 'listening') resolve(line);
      };
      createInterface({ input: child.stdout })
        .on('line', (text) => {
          file?.write(`${text}\n`);
          // the last line of one that is killed may be half a line
          if (!file || text.includes('"msg":"listening"')) keep(text);
        })
        .on('close', () => file?.end(errors));
    });
    const { port, management_port } = await listening;
    this.#environment = { ...environment, PORT: String(port), MANAGEMENT_PORT: String(management_port) };
    this.url = `http://127.0.0.1:${port as number}`;
    this.managementUrl = `http://127.0.0.1:${management_port as number}`;
    return this;
  }

  /** Starts it again if it has ended. */
  async ensure(): Promise<void> {
    if (!this.#child || hasEnded(this.#child)) await this.start();
  }

  /** SIGSTOP: it holds its connections and answers nothing. */
  freeze(): void {
    this.#child!.kill('SIGSTOP');
  }

  resume(): void {
    this.#child!.kill('SIGCONT');
  }

  /** Sends the signal and waits for the exit code; null where a signal ended it. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (!child || hasEnded(child)) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGKILL') child.kill('SIGCONT');
    const [code] = (await exited) as [number | null];
    return code;
  }

  /** The log lines that belong to a client's request, whichever service or batch it travelled in. */
  logsOf(requestId: string): LogLine[] {
    return this.logs.filter((line) => JSON.stringify(line).includes(requestId));
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
