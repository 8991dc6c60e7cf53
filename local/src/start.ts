import { join, relative } from 'node:path';
import { lockFolder } from './lock.ts';
import { createOutput, messageOf } from './output.ts';
import { serviceUrl } from './services.ts';
import { readSettings, type Settings } from './settings.ts';
import { startSystem } from './system.ts';
import { seed, walkthrough } from './walkthrough.ts';

const output = createOutput();

/** Runs the system until it is told to stop, then ends the process, with code 1 if it did not start. */
export async function start(): Promise<never> {
  try {
    await run(readSettings());
  } catch (error) {
    fail(error);
  }
  // open handles belong to components that have stopped
  process.exit();
}

async function run(settings: Settings): Promise<void> {
  const unlock = lockFolder(settings.dataFolder);
  const stopSignal = nextSignal();
  output.print(`Starting in ${settings.dataFolder}`);
  const system = startSystem(settings, output);
  try {
    await Promise.race([system.ready.then(() => introduce(settings)), stopSignal]);
    output.print(`\nStopping everything (${await stopSignal})`);
  } catch (error) {
    fail(error);
  }
  await system.stop();
  unlock();
  if (!process.exitCode) output.print('Everything has stopped');
}

/** Prints the walk-through once everything runs. */
async function introduce(settings: Settings): Promise<void> {
  const gateway = serviceUrl(settings, 'gateway');
  const seeds = await seed(gateway, settings.dataFolder);
  const logFolder = relative(process.cwd(), join(settings.dataFolder, 'logs'));
  const logs = `${/^[\w./-]+$/.test(logFolder) ? logFolder : quoted(logFolder)}/*.log`;
  output.step('everything runs');
  output.print(walkthrough(gateway, seeds, logs));
  output.print(`The contract is at ${gateway}/docs, the logs are ${logs}, and Ctrl-C stops everything.\n`);
}

/** Resolves with the first signal to stop. Later ones change nothing: npm, for example, repeats a terminal's Ctrl-C. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  });
}

function fail(error: unknown): void {
  process.exitCode = 1;
  output.print(`\nThe start failed: ${messageOf(error)}`);
}

/** Quotes a text for a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
