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

/** Gives the start of a process, to compare: ids are reused. */
export function startOf(pid: number): string {
  if (process.platform === 'linux') return statFields(pid)[19] ?? '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Reads the fields of /proc/<pid>/stat from the third on, the state. The second is a name with any characters. */
function statFields(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

/** Whether a process is alive. A zombie is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  const fields = statFields(pid);
  const [state, threads] = [fields[0], fields[17]];
  // its ports are free once the last of its threads has ended
  return state !== undefined && !(state === 'Z' && Number(threads) <= 1);
}

/**
 * Sends each signal in turn until the process has ended.
 * @throws if it is still alive after the last one, or belongs to another user
 */
export async function endProcess(pid: number, signals: { signal: NodeJS.Signals; wait: number }[]): Promise<void> {
  for (const { signal, wait } of signals) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new Error(`process ${pid} is left from an earlier start, and belongs to another user: end it first`, {
        cause: error,
      });
    }
    const deadline = performance.now() + wait;
    while (performance.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(10);
    }
  }
  throw new Error(`process ${pid} does not end`);
}

/** Sends SIGKILL to a process group. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // the group is gone
  }
}

/**
 * Kills a process group, and waits until all of its processes have ended. That can take a second: a process that writes
 * to a slow disk ends only after the write.
 * @throws if one of them is still alive after 10 s
 */
export async function endGroup(leader: number): Promise<void> {
  killGroup(leader);
  const deadline = performance.now() + 10_000;
  while (groupIsAlive(leader)) {
    if (performance.now() > deadline) throw new Error(`the processes that process ${leader} started do not end`);
    await sleep(10);
  }
}

/** Whether a process of the group is alive. One that has ended may stay in the list until its parent reads its code. */
function groupIsAlive(leader: number): boolean {
  if (process.platform === 'linux')
    return readdirSync('/proc').some((name) => {
      if (!/^\d+$/.test(name)) return false;
      const [state, , group] = statFields(Number(name));
      return group === String(leader) && state !== 'Z' && state !== 'X';
    });
  return execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .some(([group, state]) => group === String(leader) && !state?.startsWith('Z'));
}
