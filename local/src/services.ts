import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { call } from './http.ts';
import { leftoverMark } from './leftovers.ts';
import { running, type Running } from './processes/child.ts';
import { endOfLog, linesSince } from './processes/log.ts';
import type { Secrets } from './secrets.ts';
import type { ServiceName, Settings } from './settings.ts';
import type { Part } from './supervisor.ts';

const host = '127.0.0.1';
/** How long a service may take to become ready once its database is, in milliseconds. */
const patience = 30_000;

export const serviceUrl = (settings: Settings, name: ServiceName) => `http://${host}:${settings.ports[name]}`;

interface ServiceOptions {
  name: ServiceName;
  settings: Settings;
  secrets: Secrets;
  database: Pick<DatabaseSettings, 'host' | 'port'>;
  /** Resolves when the database is ready. Readiness is not checked before, or PostgreSQL would log each refusal. */
  prepared: Promise<unknown>;
}

/** Makes the part that runs one of the three compiled services, with its log in the data folder. */
export function service({ name, settings, secrets, database, prepared }: ServiceOptions): Part {
  const { root, dataFolder } = settings;
  const log = join(dataFolder, 'logs', `${name}.log`);
  const environment = {
    // lets TIME_SCALE, LOG_LEVEL and the like through
    ...process.env,
    HOST: host,
    PORT: String(settings.ports[name]),
    MANAGEMENT_PORT: String(settings.managementPorts[name]),
    SERVICE_TOKEN: secrets.service_token,
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
        }),
  };

  return {
    name,
    async start(signal) {
      const start = endOfLog(log);
      const output = openSync(log, 'a', 0o600);
      const args = ['--enable-source-maps', join(root, 'services', name, 'dist/main.js'), leftoverMark(dataFolder)];
      const child = spawn(process.execPath, args, {
        cwd: root,
        detached: true,
        env: environment,
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      const started = await running(child, [{ signal: 'SIGTERM', wait: 15_000 }]);
      const readyz = `http://${host}:${settings.managementPorts[name]}/readyz`;
      const failure = await readyOrFailure(started, { readyz, prepared, signal });
      if (failure === undefined) return started;
      await started.stop();
      signal.throwIfAborted();
      throw new Error(`${name} ${failure}${linesSince(log, start)}`);
    },
  };
}

interface Readiness {
  readyz: string;
  prepared: Promise<unknown>;
  signal: AbortSignal;
}

/** @returns how it ended, if it did not become ready */
async function readyOrFailure(
  { exited }: Running,
  { readyz, prepared, signal }: Readiness,
): Promise<string | undefined> {
  const seen: { end?: string; prepared?: number } = {};
  void exited.then((how) => (seen.end = how));
  prepared.then(() => (seen.prepared = performance.now())).catch(() => undefined);
  const late = () => seen.prepared !== undefined && performance.now() - seen.prepared > patience;
  while (seen.end === undefined && !signal.aborted && !late()) {
    if (seen.prepared !== undefined && (await isReady(readyz))) return undefined;
    await sleep(20);
  }
  return seen.end ?? 'is not ready';
}

async function isReady(readyz: string): Promise<boolean> {
  const answer = await call(readyz, { timeout: 1_000 }).catch(() => undefined);
  return answer?.status === 200;
}
