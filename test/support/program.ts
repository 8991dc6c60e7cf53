import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface ProgramResult {
  code: number | null;
  output: string;
  errors: string;
}

/** Starts a compiled program with this environment and PATH only. */
export function startProgram(
  program: string,
  args: string[],
  environment: Record<string, string>,
): { child: ChildProcess; ended: Promise<ProgramResult> } {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = [text(child.stdout), text(child.stderr)];
  // not `exit`: `close` also waits for the program's children, which write to the same output
  const ended = once(child, 'close').then(async ([code]) => ({
    code: code as number | null,
    output: await output,
    errors: await errors,
  }));
  return { child, ended };
}
