import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '@attendance/local/processes/ports';
import { expect } from 'chai';
import { readMetric } from '../../test/support/metrics.ts';
import type { ServiceProcess, LogLine } from '../../test/support/process.ts';
import { serviceToken } from '../../test/support/system.ts';

/*
 * The files beside this one provoke what docs/operating.md says of a process that runs out of something, row by row: for
 * a real process, with the real limit wherever a process can have one of its own.
 */

const main = fileURLToPath(new URL('../../services/gateway/dist/main.js', import.meta.url));
/** A module for `--import`. */
export const moduleOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;

/** A gateway with a standard output that a test chooses, and without owner services. */
export async function startGateway(
  stdout: 'pipe' | number,
  more: Record<string, string> = {},
  args: string[] = [],
  command: string[] = [],
) {
  const [port, managementPort] = [await freePort(), await freePort()];
  const argv = [...command, process.execPath, ...args, main];
  const child = spawn(argv[0]!, argv.slice(1), {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      SERVICE_TOKEN: serviceToken,
      RECONCILE: 'false',
      AUTHOR_SERVICE_URL: 'http://127.0.0.1:1',
      CONFERENCE_SERVICE_URL: 'http://127.0.0.1:1',
      ...more,
    },
    stdio: ['ignore', stdout, 'pipe'],
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  return { child, url, managementUrl, logs: [] as LogLine[] };
}

let children: ChildProcess[] = [];
/** Kills all gateways that were started. */
export function killGateways(): void {
  for (const child of children) child.kill('SIGKILL');
  children = [];
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;
export const metric = (gateway: Gateway, name: string) => readMetric(gateway as unknown as ServiceProcess, name);
export const alive = async ({ managementUrl }: Gateway) => {
  const { status } = await fetch(`${managementUrl}/healthz`, { signal: AbortSignal.timeout(30_000) });
  expect(status).to.equal(200);
};
export const answers = async ({ url }: Gateway) => {
  expect((await fetch(`${url}/author`, { signal: AbortSignal.timeout(30_000) })).status).to.equal(503);
};
