import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryCopy } from '../../../verification/chaos/copies.ts';
import { get, kubectl, run } from './command.ts';

export const namespace = 'attendance';
export const services = ['author-service', 'conference-service', 'gateway-service'] as const;

interface Pod {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  spec: { containers: { image: string }[] };
  status: { phase: string };
}

/** Reads the server pods of a release, including pods that are being deleted. */
export async function podsOf(release: string): Promise<Pod[]> {
  const component = release === 'postgres' ? 'database' : 'server';
  const labels = `app.kubernetes.io/instance=${release},app.kubernetes.io/component=${component}`;
  return (await get<{ items: Pod[] }>('pods', '--selector', labels)).items;
}

const isBeingDeleted = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;

export async function serversOf(release: string): Promise<Pod[]> {
  return (await podsOf(release)).filter((pod) => !isBeingDeleted(pod));
}

export async function imageOf(release: string): Promise<string> {
  const [pod] = await serversOf(release);
  return pod!.spec.containers[0]!.image;
}

/** Waits until the Deployments are rolled out and the old pods are gone. */
export async function waitForRollout(...names: string[]): Promise<void> {
  for (const name of names) await kubectl('rollout', 'status', `deployment/${name}`, '--timeout=180s');
  const deadline = Date.now() + 60_000;
  for (const name of names) while ((await podsOf(name)).some(isBeingDeleted) && Date.now() < deadline) await sleep(500);
}

/** Reads what each pod of a release has on its management port. @returns texts by the pods' names */
export async function readFromPods(release: string, managementPort: number, path: string) {
  const texts: Record<string, string> = {};
  for (const { metadata } of await serversOf(release)) {
    const url = `/api/v1/namespaces/${namespace}/pods/${metadata.name}:${managementPort}/proxy${path}`;
    texts[metadata.name] = await kubectl('get', '--raw', url);
  }
  return texts;
}

/** Sets the number of gateways, and waits until that many are ready and the others are gone. */
export async function scaleGateway(replicas: number): Promise<void> {
  await kubectl('scale', 'deployment/gateway-service', `--replicas=${replicas}`);
  // a stopping pod completes its scan
  if (replicas === 0)
    await eventually('all gateways have stopped', 60, async () => (await podsOf('gateway-service')).length === 0);
  await waitForRollout('gateway-service');
}

/** Runs a statement in the pod of the database. @returns its rows, with columns separated by | */
export async function psql(database: string, statement: string): Promise<string> {
  const args = ['psql', '--no-psqlrc', '--tuples-only', '--no-align', '--quiet', '--set=ON_ERROR_STOP=1'];
  const exec = ['exec', '--stdin', 'postgres-0', '--', ...args, `--dbname=${database}`];
  return (await run('kubectl', exec, { input: statement })).trim();
}

/** Queries a copy in the pod of the database. */
export const queryCopy: QueryCopy = async (database, statement) => {
  const output = await psql(database, statement);
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [claim_id = '', event_id = '', author_id = ''] = line.split('|');
      return { claim_id, event_id, author_id };
    });
};

export async function secret(name: string, key: string): Promise<string> {
  const { data } = await get<{ data: Record<string, string> }>('secret', name);
  return Buffer.from(data[key]!, 'base64').toString();
}

/** Polls until the condition holds. @throws after this many seconds */
export async function eventually(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(500);
  }
}
