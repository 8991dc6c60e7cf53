import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
  Object.assign(process.env, ownersIn(settings));
  await import(pathToFileURL(join(settings.root, 'services/gateway/dist/reconcile.js')).href);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

/**
 * Gives the URLs of the owner services if the environment does not: both or neither, so that nothing is dropped from one
 * system because of another.
 */
function ownersIn(settings: Settings): Record<string, string> {
  const names = ['AUTHOR_SERVICE_URL', 'CONFERENCE_SERVICE_URL'] as const;
  const unset = names.filter((name) => !process.env[name]);
  // --help needs neither
  if (unset.length === 0 || process.argv.includes('--help')) return {};
  if (unset.length === 1) throw new Error(`${unset.join()} is not set: set both ${names.join(' and ')}, or neither`);
  if (!existsSync(join(settings.dataFolder, 'secrets.json')))
    throw new Error(`nothing was started in ${settings.dataFolder}: \`make start\`, or set ${names.join(' and ')}`);
  return {
    SERVICE_TOKEN: readSecrets(settings.dataFolder).service_token,
    AUTHOR_SERVICE_URL: serviceUrl(settings, 'author'),
    CONFERENCE_SERVICE_URL: serviceUrl(settings, 'conference'),
  };
}
