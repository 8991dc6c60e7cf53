import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessEntry {
  pid: number;
  /** Its arguments; without /proc, split at every space. */
  args: string[];
}

/** Lists the processes of this machine that this user may see. */
export function processes(): ProcessEntry[] {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => processEntry(Number(name)) ?? []);
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [pid, ...args] = line.trim().split(' ');
    return pid ? [{ pid: Number(pid), args }] : [];
  });
}

/** @returns undefined if there is no such process */
export function processEntry(pid: number): ProcessEntry | undefined {
  if (process.platform !== 'linux') return processes().find((entry) => entry.pid === pid);
  try {
    return { pid, args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1) };
  } catch {
    return undefined;
  }
}

/** Whether a process is alive. A zombie is not, once the last of its threads has ended and its ports are free. */
export function isAlive(pid: number): boolean {
  if (process.platform !== 'linux') return processEntry(pid) !== undefined;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return !(/^State:\s+[ZX]/m.test(status) && /^Threads:\s+[01]$/m.test(status));
  } catch {
    return false;
  }
}

/**
 * Asks a process that is not our child to end, and kills it if it has not ended after 5 s.
 * @throws if it belongs to another user, or is still alive after another 5 s
 */
export async function endProcess(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new Error(`an earlier start left process ${pid} of another user: end it with \`sudo kill ${pid}\``, {
        cause,
      });
    }
    const deadline = performance.now() + 5_000;
    while (performance.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(10);
    }
  }
  throw new Error(`process ${pid} of an earlier start cannot be killed: look at it with \`ps -p ${pid}\``);
}
