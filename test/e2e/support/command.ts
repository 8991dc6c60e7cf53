import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Options {
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
}

/** Runs a program. */
export async function attempt(
  command: string,
  args: string[],
  { input = '', env, cwd }: Options = {},
): Promise<Outcome> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) });
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  [outcome.code] = (await once(child, 'close')) as [number | null];
  return outcome;
}

/** Runs a program. @returns its standard output @throws if it fails */
export async function run(command: string, args: string[], options: Options = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${stderr}${stdout}`);
  return stdout;
}

export const kubectl = (...args: string[]) => run('kubectl', args);

export const apply = (object: unknown) => run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(object) });

/** Runs `kubectl get` and parses its output. */
export async function get<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl('get', '--output', 'json', ...args)) as T;
}
