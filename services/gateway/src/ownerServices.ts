import { createCaller, type Caller, type CallerOptions } from '@attendance/common/client/caller';
import { createClient } from '@attendance/common/client/client';
import { authorContract } from '@attendance/common/contract/author';
import { conferenceContract } from '@attendance/common/contract/conference';
import { internalPath } from '@attendance/common/contract/internal';
import { authorOperations, conferenceOperations } from '@attendance/common/contract/relation';
import { remoteOperations, type Call } from 'many-to-many';

interface OwnerServicesOptions extends Pick<CallerOptions, 'token' | 'times' | 'metrics'> {
  authorUrl: string;
  conferenceUrl: string;
}

export type OwnerServices = ReturnType<typeof createOwnerServices>;

/** The two services that own the entities, over HTTP: each one's entities, and its wire operations of the relation. */
export function createOwnerServices({ authorUrl, conferenceUrl, ...options }: OwnerServicesOptions) {
  const author = createCaller({ service: 'author-service', baseUrl: authorUrl, ...options });
  const conference = createCaller({ service: 'conference-service', baseUrl: conferenceUrl, ...options });
  return {
    author: {
      entities: createClient(authorContract, author),
      operations: remoteOperations(authorOperations, overCaller(author)),
    },
    conference: {
      entities: createClient(conferenceContract, conference),
      operations: remoteOperations(conferenceOperations, overCaller(conference)),
    },
  };
}

/** The items carry the ids of all requests behind them; the call itself goes by the first. */
function overCaller(call: Caller): Call {
  return (operation, body) =>
    call(
      {
        operation,
        method: 'POST',
        path: internalPath(operation),
        json: body,
        requestId: body.items[0]?.request_ids[0] ?? '',
      },
      ({ status, text }) => ({ status, body: JSON.parse(text) as unknown }),
    );
}
