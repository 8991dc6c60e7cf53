import { basename, join } from 'node:path';
import { endLeftover } from './postgres/leftover.ts';
import { endProcess, processes } from './processes/table.ts';

/** An argument that a service takes no notice of. In the list of processes it tells which system it belongs to. */
export const leftoverMark = (dataFolder: string) => `--data-folder=${dataFolder}/`;

/**
 * Ends what a start that was killed left running. Found by the mark rather than by a list of process ids: a list can
 * miss one that had just been started, and ids are used again.
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
