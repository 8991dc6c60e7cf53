import { createClient, type Client } from '@attendance/common/client/client';
import { authorContract } from '@attendance/common/contract/author';
import {
  authorClaimsContract,
  conferenceClaimsContract,
  type AuthorOwner,
  type ConferenceOwner,
} from '@attendance/common/contract/claims';
import { conferenceContract } from '@attendance/common/contract/conference';
import type { ReconciledCopy, reconciliationContract } from '@attendance/common/contract/reconciliation';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import { batch } from './batch.ts';

const authorOperations = { ...authorContract, ...authorClaimsContract };
const conferenceOperations = { ...conferenceContract, ...conferenceClaimsContract };

export type AuthorClient = Client<typeof authorOperations>;
export type ConferenceClient = Client<typeof conferenceOperations>;

interface OwnersOptions {
  authorUrl: string;
  conferenceUrl: string;
  token: string;
  times: Times;
  metrics: Metrics;
}

/** The two services that own the entities, over HTTP. */
export function createOwners({ authorUrl, conferenceUrl, ...options }: OwnersOptions) {
  return {
    author: createClient({ contract: authorOperations, service: 'author-service', baseUrl: authorUrl, ...options }),
    conference: createClient({
      contract: conferenceOperations,
      service: 'conference-service',
      baseUrl: conferenceUrl,
      ...options,
    }),
  };
}

export function authorOwner(client: AuthorClient): AuthorOwner {
  return {
    ...reconciledCopy(client),
    insertClaims: batch(client.insertClaims),
    retireClaims: batch(client.retireClaims),
    readPairs: batch(client.readPairs),
    listByOwned: batch(client.listByOwned),
    listByForeign: batch(client.listByForeign),
    readAttendees: batch(client.readAttendees),
  };
}

export function conferenceOwner(client: ConferenceClient): ConferenceOwner {
  return {
    ...reconciledCopy(client),
    insertClaims: batch(client.insertClaims),
    retireClaims: batch(client.retireClaims),
    readPairs: batch(client.readPairs),
    listByOwned: batch(client.listByOwned),
    listByForeign: batch(client.listByForeign),
    listByConference: batch(client.listByConference),
  };
}

function reconciledCopy(client: Client<typeof reconciliationContract>): ReconciledCopy {
  return {
    identify: batch(client.identify),
    introduce: batch(client.introduce),
    digestClaims: batch(client.digestClaims),
    listClaims: batch(client.listClaims),
    listSurplus: batch(client.listSurplus),
    readClaims: batch(client.readClaims),
    dropClaims: batch(client.dropClaims),
  };
}
