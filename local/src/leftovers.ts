import { basename, join } from 'node:path';
import { endLeftover } from './postgres/leftover.ts';
import { endProcess, processes } from './processes/table.ts';

/** Makes an argument that a service ignores. In the list of processes it shows which system the service belongs to. */
export const leftoverMark = (dataFolder: string) => `--data-folder=${dataFolder}/`;

/**
 * Ends the services that a killed start left running. It finds them by the mark, since a list of process ids can miss
 * one that had just been started, and ids are reused.
 */
export async function endLeftovers(dataFolder: string): Promise<void> {
  const mark = leftoverMark(dataFolder);
  const services = processes().filter(
    ({ args }) => basename(args[0] ?? '').startsWith('node') && args.join(' ').endsWith(mark),
  );
  await Promise.all([
    endLeftover(join(dataFolder, 'postgres')),
    ...services.map(({ pid }) =>
      endProcess(pid, [
        { signal: 'SIGTERM', wait: 1_000 },
        { signal: 'SIGKILL', wait: 3_000 },
      ]),
    ),
  ]);
}
