import type { Client } from '../../../test/support/client.ts';
import type { ServiceProcess } from '../../../test/support/process.ts';
import type { Watched } from './record.ts';
import type { ClusterName } from './plan.ts';
import type { FailoverSystem } from './system.ts';

/** @param client of a gateway */
export function watchOwners({ owners }: FailoverSystem, client: Client): Record<ClusterName, Watched> {
  const isReady = async ({ managementUrl }: ServiceProcess) => (await fetch(`${managementUrl}/readyz`)).ok;
  const watched = (owner: ServiceProcess, change: () => Promise<{ status: number | null }>): Watched => ({
    isReady: () => isReady(owner),
    serves: async () => (await isReady(owner)) && (await change()).status === 201,
  });
  return {
    author: watched(owners.author, () => client.createAuthor('Ada')),
    conference: watched(owners.conference, () => client.createConference('FAIL')),
  };
}
