import { attendanceContract } from '@attendance/common/contract/attendance';
import { authorContract } from '@attendance/common/contract/author';
import { conferenceContract } from '@attendance/common/contract/conference';
import { agreementContract } from '@attendance/common/contract/agreement';
import { internalContract } from '@attendance/common/contract/internal';
import type { Contract, Operation } from '@attendance/common/contract/operation';
import { authorOperations, conferenceOperations } from '@attendance/common/contract/relation';
import { expect } from 'chai';
import type { z } from 'zod';
import { createClient, type Client } from '../../support/client.ts';
import { patient, serviceToken, useSystem } from '../../support/system.ts';
import { nobody, type Service } from './row.ts';
import { notUuids, notWhole } from './rows/values.ts';

const contracts: Record<Service, Contract> = {
  gateway: { ...authorContract, ...conferenceContract, ...attendanceContract },
  author: { ...authorContract, ...agreementContract, ...internalContract(authorOperations) },
  conference: { ...conferenceContract, ...agreementContract, ...internalContract(conferenceOperations) },
};

const notText = [null, true, 1, {}, [], [nobody]];

/** For each kind of parameter, texts that are none, as they stand in a query. */
const badParameters: Record<string, string[]> = {
  limit: notWhole,
  conference_id: ['', ...notUuids],
  cursor: ['', 'x', '0', '=', 'bnVsbA', 'W10', '%00', '%ff', 'x'.repeat(513)],
};

/** For each member of a body, values that it must not have. */
const badMembers: Record<string, unknown[]> = {
  full_name: [...notText, '', '\0', '\ud800', 'x'.repeat(1025)],
  acronym: [...notText, '', '\0', '\udfff', 'x'.repeat(256)],
  conference_id: [...notText, '', ...notUuids],
  seq: [null, true, '1', '', 0, -1, 1.5, 2 ** 31, 1e300, {}, [], [1]],
  items: [null, true, 1, '', {}, [], [null], [[]], [{}], ['x'], [{ request_ids: ['has blank'] }], [{ limit: '5' }]],
};

interface Request {
  path: string;
  body?: unknown;
  /** The path of a fault that the answer has to name. */
  fault: string;
}

/** Requests of an operation, each with one value that is wrong. */
function requestsOf({ path, params, query, body }: Operation): Request[] {
  const names = Object.keys(params.shape);
  const pathWith = (values: Record<string, string>) =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => values[name] ?? nobody);
  const list = pathWith({});
  const valid = Object.keys(query.shape).includes('conference_id') ? `conference_id=${nobody}&` : '';
  return [
    ...names.flatMap((name) => notUuids.map((id) => ({ path: pathWith({ [name]: id }), fault: `params.${name}` }))),
    ...Object.keys(query.shape).flatMap((name) =>
      [...badParameters[name]!, undefined].map((text) => ({
        path: `${list}?${name === 'conference_id' ? '' : valid}${name}${text === undefined ? '' : `=${text}`}`,
        fault: `query.${name}`,
      })),
    ),
    ...Object.keys((body as z.ZodObject | null)?.shape ?? {}).flatMap((name) =>
      badMembers[name]!.map((value) => ({ path: list, body: { [name]: value }, fault: `body.${name}` })),
    ),
    { path: `${list}?${valid}page=1`, fault: 'query.page', ...(body ? { body: {} } : {}) },
  ];
}

describe('a wrong value', () => {
  const { system } = useSystem({ direct: true, environment: patient });
  const clients = {} as Record<Service, Client>;
  before(() => {
    for (const service of ['gateway', 'author', 'conference'] as const)
      clients[service] = createClient({ gateway: system.processes[service].url });
  });
  after(() => Object.values(clients).forEach((client) => client.close()));

  for (const [service, contract] of Object.entries(contracts) as [Service, Contract][])
    for (const [name, operation] of Object.entries(contract)) {
      const requests = requestsOf(operation);
      it(`of ${name} at the ${service} is answered 400, which names it (${requests.length} values)`, async () => {
        const headers = { authorization: `Bearer ${serviceToken}` };
        const answers = requests.map(async ({ path, body, fault }) => {
          const { status, problem } = await clients[service].request(operation.method, path, { body, headers });
          const sent = `${operation.method} ${path.slice(0, 200)} ${JSON.stringify(body)}`;
          expect([status, problem?.code], sent).to.deep.equal([400, 'invalid_request']);
          expect(problem!.errors!.map((error) => error.path).join(), sent).to.include(fault);
        });
        await Promise.all(answers);
      });
    }
});
