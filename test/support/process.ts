import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One line of a service's log, parsed. */
export type LogLine = Record<string, unknown> & { msg: string };

/** A process that runs a compiled service. A test can freeze, kill and restart it. */
export class ServiceProcess {
  /** The parsed lines of the log; only the lines `listening` if the log goes to a file. */
  readonly logs: LogLine[] = [];
  url = '';
  managementUrl = '';
  #child: ChildProcess | undefined;
  readonly #main: string;
  readonly #log: string | undefined;
  #environment: Record<string, string>;

  /** @param log a file for the log, if it is too large to be kept in memory */
  constructor(main: string, environment: Record<string, string>, { log }: { log?: string } = {}) {
    this.#main = main;
    this.#log = log;
    this.#environment = { HOST: '127.0.0.1', PORT: '0', MANAGEMENT_PORT: '0', ...environment };
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /**
   * Starts the process and waits until it listens. A restart uses the same ports.
   * @param more further variables of the environment, also for the next starts
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
          // a kill may cut off the last line
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

  async startIfEnded(): Promise<void> {
    if (!this.#child || hasEnded(this.#child)) await this.start();
  }

  /** Sends SIGSTOP: the process keeps its connections and answers nothing. */
  freeze(): void {
    this.#child!.kill('SIGSTOP');
  }

  resume(): void {
    this.#child!.kill('SIGCONT');
  }

  /** Sends a signal and waits for the exit code, which is null if the signal ended the process. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (!child || hasEnded(child)) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGKILL') child.kill('SIGCONT');
    const [code] = (await exited) as [number | null];
    return code;
  }

  /** Returns the log lines that contain a request id, also those of a batch. */
  logsOf(requestId: string): LogLine[] {
    return this.logs.filter((line) => JSON.stringify(line).includes(requestId));
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
