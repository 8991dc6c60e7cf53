import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createEmptyDatabase } from './databases.ts';
import { installPackage } from './install.ts';

const readme = readFileSync(new URL('../../many-to-many/README.md', import.meta.url), 'utf8');

/** The files of the README's program, by name. Each block begins with its name in a comment. */
export const readmeFiles = new Map(
  [...readme.matchAll(/```js\n\/\/ (\S+\.js)\n([^]*?)```/g)].map(([, name, text]) => [name!, text!]),
);

/** Writes the README's program to a folder. @param change of the text of each file */
export function writeReadmeFiles(folder: string, change = (text: string) => text): void {
  for (const [name, text] of readmeFiles) writeFileSync(join(folder, name), change(text));
}

/** The README's program in a new folder, and its tables in two new databases. */
export interface ReadmeProgram {
  folder: string;
  /** The variables that name the databases. */
  environment: Record<string, string>;
  /** Starts one of its servers. `remove` kills it. */
  start: (program: string, environment?: Record<string, string>) => Promise<Server>;
  remove: () => Promise<void>;
}

/** Installs the packed package in a new folder, writes the README's program there, and creates its tables. */
export async function installReadmeProgram(): Promise<ReadmeProgram> {
  const installed = await installPackage(['zod', 'pg']);
  const { folder } = installed;
  writeReadmeFiles(folder);
  const courses = await createEmptyDatabase('courses');
  const students = await createEmptyDatabase('students');
  const environment = { COURSE_DATABASE: courses.url, STUDENT_DATABASE: students.url };
  const env = { PATH: process.env.PATH, ...environment };
  await promisify(execFile)(process.execPath, ['tables.js'], { cwd: folder, env });

  const servers: Server[] = [];
  const start = async (program: string, more: Record<string, string> = {}) => {
    const server = await Server.start(folder, program, { ...environment, ...more });
    servers.push(server);
    return server;
  };
  const remove = async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await courses.drop();
    await students.drop();
    installed.remove();
  };
  return { folder, environment, start, remove };
}

/** A process that runs a program of the README and serves HTTP. */
export class Server {
  url = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  /** Starts a program and waits until it listens, on any free port unless PORT is set. */
  static async start(folder: string, program: string, environment: Record<string, string>): Promise<Server> {
    const child = spawn(process.execPath, [program], {
      cwd: folder,
      env: { PATH: process.env.PATH, PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new Server(child);
    let output = '';
    const keep = (line: string) => (output += `${line}\n`);
    createInterface({ input: child.stderr }).on('line', keep);
    const port = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${program} exited with ${code}:\n${output}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        keep(line);
        const listening = /^listening on (\d+)$/.exec(line);
        if (listening) resolve(listening[1]!);
      });
    });
    server.url = `http://127.0.0.1:${port}`;
    return server;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
