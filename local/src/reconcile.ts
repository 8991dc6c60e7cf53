import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { messageOf } from './output.ts';
import { readSecrets } from './secrets.ts';
import { serviceUrl } from './services.ts';
import { readSettings, type Settings } from './settings.ts';

/*
 * `npm run reconcile`: runs the gateway's reconcile program, on the services of `make start` unless the environment names
 * others. The exit code is the program's, or 1 if the configuration is invalid.
 */

try {
  const settings = readSettings();
  run(settings, readOwners(settings));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

/**
 * Gives the URLs of the owner services if the environment does not: both or neither, so that nothing is dropped from one
 * system because of another.
 */
function readOwners(settings: Settings): Record<string, string> {
  const names = ['AUTHOR_SERVICE_URL', 'CONFERENCE_SERVICE_URL'] as const;
  const unset = names.filter((name) => !process.env[name]);
  // --help needs neither
  if (unset.length === 0 || process.argv.includes('--help')) return {};
  if (unset.length === 1) throw new Error(`${unset.join()} must be set too: ${names.join(' and ')}, or neither`);
  if (!existsSync(join(settings.dataFolder, 'secrets.json')))
    throw new Error(`Nothing was started here yet: \`make start\`, or set ${names.join(' and ')}`);
  return {
    SERVICE_TOKEN: readSecrets(settings.dataFolder).service_token,
    AUTHOR_SERVICE_URL: serviceUrl(settings, 'author'),
    CONFERENCE_SERVICE_URL: serviceUrl(settings, 'conference'),
  };
}

function run({ root }: Settings, owners: Record<string, string>): void {
  const program = join(root, 'services/gateway/dist/reconcile.js');
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...process.argv.slice(2)], {
    env: { ...process.env, ...owners },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // as a shell says it of what a signal has ended
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}
