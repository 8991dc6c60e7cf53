import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Forwarded {
  url: string;
  /** Resolves when the pod has ended or the forwarding was stopped. */
  ended: Promise<void>;
  stop: () => Promise<void>;
}

/** Runs `kubectl port-forward` on a free local port. It forwards to one pod, and ends with that pod. */
export async function forward(target: string, port: number, inNamespace = 'attendance'): Promise<Forwarded> {
  const child = spawn('kubectl', ['port-forward', '--namespace', inNamespace, target, `:${port}`]);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { url: await listening(child), ended, stop: () => stop(child) };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const port = /127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('exit', () => reject(new Error(`kubectl port-forward ended: ${output}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
