import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, processEntry } from '../processes/table.ts';

/** Makes a setting that PostgreSQL ignores. In the list of processes it shows whose data a server serves. */
export const mark = {
  name: 'attendance.data_folder',
  value: (dataFolder: string) => `${dataFolder}/`,
};

/** Stops the server that a killed start left in a data folder. */
export async function endLeftover(dataFolder: string): Promise<void> {
  const pid = Number(pidFile(dataFolder)[0]);
  if (!pid) return;
  const entry = processEntry(pid);
  if (!entry) return;
  if (entry.args.join(' ').includes(`${mark.name}=${mark.value(dataFolder)}`)) {
    await endProcess(pid, [
      { signal: 'SIGINT', wait: 5_000 },
      { signal: 'SIGQUIT', wait: 5_000 },
      { signal: 'SIGKILL', wait: 5_000 },
    ]);
    return;
  }
  // the id belongs to another process now; PostgreSQL would take that for a server, and refuse to start
  rmSync(join(dataFolder, 'postmaster.pid'), { force: true });
}

/** Reads postmaster.pid: the first line is the process id, the eighth is `ready` once it accepts connections. */
export function pidFile(dataFolder: string): string[] {
  try {
    return readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8')
      .split('\n')
      .map((line) => line.trim());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`${dataFolder} belongs to another user: start as that user, or as root`, { cause: error });
  }
}
