import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { dataFolderArgument } from './orphans.ts';
import { startProcess, waitUntilReady } from './processes/child.ts';
import type { Secrets } from './secrets.ts';
import { managementPort, type ServiceName, type Settings } from './settings.ts';
import type { Component } from './supervisor.ts';

const host = '127.0.0.1';
const requestTimeoutMs = 10_000;

export const serviceUrl = (settings: Settings, name: ServiceName) => `http://${host}:${settings.ports[name]}`;

interface ServiceOptions {
  settings: Settings;
  secrets: Secrets;
  database: Pick<DatabaseSettings, 'host' | 'port'>;
}

/** Makes the component that runs one of the three compiled services, with its log in the data folder. */
export function service(name: ServiceName, { settings, secrets, database }: ServiceOptions): Component {
  const { root, dataFolder, postgres } = settings;
  const port = settings.ports[name];
  const log = join(dataFolder, 'logs', `${name}.log`);
  const env = {
    // lets TIME_SCALE, LOG_LEVEL and the like through; an empty variable counts as unset
    ...process.env,
    HOST: host,
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort(port)),
    SERVICE_TOKEN: secrets.service_token,
    SERVICE_TOKEN_FILE: '',
    // there is no load balancer
    DRAIN: 'false',
    ...(name === 'gateway'
      ? {
          AUTHOR_SERVICE_URL: serviceUrl(settings, 'author'),
          CONFERENCE_SERVICE_URL: serviceUrl(settings, 'conference'),
        }
      : {
          DATABASE_HOST: database.host,
          DATABASE_PORT: String(database.port),
          DATABASE_NAME: name,
          DATABASE_USER: `${name}_service`,
          DATABASE_PASSWORD: secrets[`${name}_service`],
          DATABASE_PASSWORD_FILE: '',
          // what is set for another server
          ...('port' in postgres && { DATABASE_TLS: 'disable', DATABASE_POOLER: 'false' }),
        }),
  };
  const main = join(root, 'services', name, 'dist/main.js');
  const command = [process.execPath, '--enable-source-maps', main, dataFolderArgument(dataFolder)];

  /** @returns whether the answer is 200 */
  const get = async (path: string) => {
    const response = await fetch(`http://${host}:${managementPort(port)}${path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    await response.text();
    return response.ok;
  };

  return {
    name,
    async start(signal) {
      const started = await startProcess(command, { env, log, stopSignal: 'SIGTERM' });
      await waitUntilReady(name, started, () => get('/readyz').catch(() => false), signal);
      return started;
    },
    ask: () => get('/healthz'),
  };
}
