import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { kubectl } from './command.ts';
import { deletePod, startPod } from './pod.ts';

interface Report {
  requests: number;
  adds: number;
  connectionErrors: number;
  serverErrors: number;
  /** Other responses with an unexpected status. */
  wrong: number;
  statuses: Record<string, number>;
  examples: string[];
}

type Line = { requests: number } | { report: Report };

const script = readFileSync(new URL('trafficClient.mjs', import.meta.url), 'utf8');

/** Sends requests to the gateway's Service at a steady rate, from a pod in another namespace. */
export class Traffic {
  #requests = 0;
  #report: Report | undefined;
  #errors = '';
  readonly #pod = { name: 'traffic', namespace: 'elsewhere' };
  #ended = false;

  /** @param rate the most requests per second */
  async start({ rate }: { rate: number }): Promise<this> {
    await startPod(this.#pod);
    const node = [
      'node',
      '--input-type=module',
      '--eval',
      script,
      '--',
      'http://gateway-service.attendance:8090',
      `${rate}`,
    ];
    const child = spawn('kubectl', ['exec', '--namespace', this.#pod.namespace, this.#pod.name, '--', ...node]);
    child.once('close', () => (this.#ended = true));
    child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if ('report' in line) this.#report = line.report;
      else this.#requests = line.requests;
    });
    await this.waitForRequests(500);
    return this;
  }

  /** Waits until this many requests have been answered since the start. */
  async waitForRequests(requests: number): Promise<void> {
    for (let waited = 0; this.#requests < requests; waited++) {
      if (waited > 240 || this.#ended)
        throw new Error(`only ${this.#requests} of ${requests} requests: ${this.#errors}`);
      await sleep(1_000);
    }
  }

  /** Waits until this many more requests have been answered. */
  waitForMore(requests: number): Promise<void> {
    return this.waitForRequests(this.#requests + requests);
  }

  async stop(): Promise<Report> {
    const { name, namespace } = this.#pod;
    const terminateAll =
      "for (const pid of require('fs').readdirSync('/proc').filter(Number)) if (Number(pid) > 1 && Number(pid) !== process.pid" +
      ") try { process.kill(Number(pid), 'SIGTERM') } catch {}";
    await kubectl('exec', '--namespace', namespace, name, '--', 'node', '--eval', terminateAll);
    for (let waited = 0; !this.#ended && waited < 300; waited++) await sleep(100);
    await deletePod(this.#pod);
    if (!this.#report) throw new Error(`the traffic client printed no report: ${this.#errors}`);
    return this.#report;
  }
}

/** Formats the report as one line. */
function format({ requests, adds, connectionErrors, serverErrors, wrong, statuses }: Report): string {
  const counts = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  return (
    `${requests} requests (${adds} of them POST), ${connectionErrors} connection errors, ${serverErrors} answers of 5xx, ` +
    `${wrong} unexpected (${counts.join(', ')})`
  );
}

/** Makes a change under steady traffic, and expects that every request is answered as it would be without the change. */
export async function expectNoFailures(
  { rate }: { rate: number },
  change: (traffic: Traffic) => Promise<void>,
): Promise<void> {
  const traffic = await new Traffic().start({ rate });
  let report;
  try {
    await change(traffic);
  } finally {
    report = await traffic.stop();
  }
  process.stdout.write(`      ${format(report)}\n`);
  const { connectionErrors, serverErrors, wrong, examples } = report;
  expect({ connectionErrors, serverErrors, wrong, examples }).to.deep.equal({
    connectionErrors: 0,
    serverErrors: 0,
    wrong: 0,
    examples: [],
  });
}
