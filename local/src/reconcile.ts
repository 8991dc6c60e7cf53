import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSecrets } from './secrets.ts';
import { serviceUrl } from './services.ts';
import { readSettings } from './settings.ts';

/* `npm run reconcile`: the gateway's, on the services of `make start` unless the environment names others. */

const settings = readSettings();
const elsewhere = process.env['AUTHOR_SERVICE_URL'] !== undefined;
if (!elsewhere && !existsSync(join(settings.dataFolder, 'secrets.json'))) {
  process.stderr.write(
    'Nothing was started here yet: `make start`, or set AUTHOR_SERVICE_URL, CONFERENCE_SERVICE_URL\n',
  );
  process.exit(2);
}
const local = elsewhere
  ? {}
  : {
      SERVICE_TOKEN: readSecrets(settings.dataFolder).service_token,
      AUTHOR_SERVICE_URL: serviceUrl(settings, 'author'),
      CONFERENCE_SERVICE_URL: serviceUrl(settings, 'conference'),
    };
const program = join(settings.root, 'services/gateway/dist/reconcile.js');
const child = spawn(process.execPath, ['--enable-source-maps', program, ...process.argv.slice(2)], {
  env: { ...process.env, ...local },
  stdio: 'inherit',
});
child.on('exit', (code) => process.exit(code ?? 2));
