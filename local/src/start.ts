import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { takeLock } from './lock.ts';
import { createOutput, messageOf } from './output.ts';
import { serviceUrl } from './services.ts';
import { readSettings, type Settings } from './settings.ts';
import { whenStarterGoes } from './starter.ts';
import { startSystem, type System } from './system.ts';
import { seed, walkthrough } from './walkthrough.ts';

/** A terminal sends Ctrl-C to npm too, which passes it on, so one press may arrive twice within this time. */
const samePressMs = 300;

const output = createOutput();

/** Runs the system until it is told to stop, then ends the process, with code 1 if it did not start. */
export async function start(): Promise<never> {
  try {
    await run(readSettings());
  } catch (error) {
    fail(error);
  }
  // open handles belong to parts that have stopped
  process.exit();
}

async function run(settings: Settings): Promise<void> {
  const { dataFolder } = settings;
  const lock = lockFolder(dataFolder);
  const system = startSystem(settings, output);
  const asked = stopAsked(system);
  output.print(`Starting in ${dataFolder}`);
  try {
    await Promise.race([introduce(system, settings), asked]);
    await asked;
  } catch (error) {
    fail(error);
  }
  await system.stop();
  lock.release();
  if (!process.exitCode) output.print('Everything has stopped');
}

function lockFolder(dataFolder: string): { release: () => void } {
  let lock: ReturnType<typeof takeLock>;
  try {
    mkdirSync(dataFolder, { recursive: true });
    lock = takeLock(dataFolder);
  } catch (cause) {
    throw new Error(`${dataFolder} cannot be written; does it belong to another user?`, { cause });
  }
  if ('runner' in lock)
    throw new Error(`the system of ${dataFolder} runs already, as process ${lock.runner}: Ctrl-C there stops it`);
  return lock;
}

/** Prints the walk-through once everything runs. */
async function introduce(system: System, settings: Settings): Promise<void> {
  await system.ready;
  const gateway = serviceUrl(settings, 'gateway');
  const seeds = await seed(gateway, settings.dataFolder);
  const logs = join(relative(process.cwd(), settings.dataFolder) || '.', 'logs/*.log');
  output.step('everything runs');
  output.print(walkthrough(gateway, seeds, logs));
  output.print(`The contract is at ${gateway}/docs, the logs are ${logs}, and Ctrl-C stops everything.\n`);
}

/** Resolves when the system is told to stop. A second signal kills it at once. */
function stopAsked(system: System): Promise<void> {
  return new Promise((resolve) => {
    let since: number | undefined;
    const stop = (why: string) => {
      if (since === undefined) {
        since = performance.now();
        output.print(`\nStopping everything (${why}; a second Ctrl-C does not wait)`);
        resolve();
      } else if (performance.now() - since > samePressMs) system.kill();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    process.on('uncaughtException', (error) => {
      fail(error);
      resolve();
    });
    whenStarterGoes(stop);
  });
}

function fail(error: unknown): void {
  process.exitCode = 1;
  output.print(`\nIt failed: ${messageOf(error)}`);
}
