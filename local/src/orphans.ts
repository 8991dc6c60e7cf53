import { join } from 'node:path';
import { endProcess, processes } from './processes/table.ts';

/**
 * Makes an argument, without effect, that shows in the list of processes which data folder a process belongs to. Process
 * ids cannot: they are reused.
 */
export const dataFolderArgument = (dataFolder: string) => `attendance.data_folder=${dataFolder}/`;

/** Ends the services and the PostgreSQL that a killed start left running. */
export async function endOrphans(dataFolder: string): Promise<void> {
  await Promise.all([dataFolder, join(dataFolder, 'postgres')].map(endProcessesOf));
}

export async function endProcessesOf(dataFolder: string): Promise<void> {
  const argument = ` ${dataFolderArgument(dataFolder)} `;
  const orphans = processes().filter(({ args }) => `${args.join(' ')} `.includes(argument));
  await Promise.all(orphans.map(({ pid }) => endProcess(pid)));
}
