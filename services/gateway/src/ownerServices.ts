import { createCaller, type Caller, type CallerOptions } from '@attendance/common/client/caller';
import { createClient } from '@attendance/common/client/client';
import { authorContract } from '@attendance/common/contract/author';
import { conferenceContract } from '@attendance/common/contract/conference';
import { internalPath } from '@attendance/common/contract/internal';
import { authorOperations, conferenceOperations } from '@attendance/common/contract/relation';
import type { Logger } from '@attendance/common/runtime/logger';
import { remoteOperations, type Call } from 'many-to-many';
import { AgreementWatch, observeAgreement } from './agreement.ts';

interface OwnerServicesOptions extends Pick<CallerOptions, 'token' | 'times' | 'metrics'> {
  authorUrl: string;
  conferenceUrl: string;
  log?: Logger;
}

export type OwnerServices = ReturnType<typeof createOwnerServices>;

/**
 * The two services that own the entities, over HTTP: each one's entities, its wire operations of the relation, and
 * whether it and the gateway agree. While they do not, no wire operation is sent.
 */
export function createOwnerServices({ authorUrl, conferenceUrl, log, ...options }: OwnerServicesOptions) {
  const observe = observeAgreement(options.metrics);
  const connect = (name: 'author' | 'conference', baseUrl: string) => {
    const service = `${name}-service`;
    const call = createCaller({ service, baseUrl, ...options });
    const agreement = new AgreementWatch(name, {
      call: createCaller({ service, baseUrl, ...options, keepAlive: false }),
      times: options.times,
      observe: observe(service),
      log,
    });
    return { call, agreement };
  };
  const [author, conference] = [connect('author', authorUrl), connect('conference', conferenceUrl)];
  return {
    author: {
      entities: createClient(authorContract, author.call),
      operations: remoteOperations(authorOperations, overCaller(author)),
      agreement: author.agreement,
    },
    conference: {
      entities: createClient(conferenceContract, conference.call),
      operations: remoteOperations(conferenceOperations, overCaller(conference)),
      agreement: conference.agreement,
    },
  };
}

/** The items carry the ids of all requests behind them; the call itself goes by the first. */
function overCaller({ call, agreement }: { call: Caller; agreement: AgreementWatch }): Call {
  return async (operation, body) => {
    agreement.requireAgreement();
    return call(
      {
        operation,
        method: 'POST',
        path: internalPath(operation),
        json: body,
        requestId: body.items[0]?.request_ids[0] ?? '',
      },
      ({ status, text }) => ({ status, body: JSON.parse(text) as unknown }),
    );
  };
}
