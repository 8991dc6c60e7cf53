import { expect } from 'chai';
import { attendanceContract } from '../src/contract/attendance.ts';
import { authorContract } from '../src/contract/author.ts';
import { conferenceContract } from '../src/contract/conference.ts';
import { internalContract } from '../src/contract/internal.ts';
import { problemTypes, Problem, type ProblemCode } from '../src/contract/problems.ts';
import { authorOperations, conferenceOperations } from '../src/contract/relation.ts';
import { openApi } from '../src/contract/openapi.ts';
import type { Answer, ClientRequest } from '../src/contract/operation.ts';
import { uuid } from 'many-to-many';
import { text } from '../src/contract/values.ts';

const author = { id: '01999999-0000-7000-8000-000000000000', full_name: 'Ada', created_at: '2026-01-01T00:00:00.000Z' };

describe('an operation of the contract', () => {
  it('declares the answers of a handler; any other answer does not compile', () => {
    const answers: Answer<typeof authorContract.createAuthor>[] = [
      { status: 201, body: author, location: '/author/1' },
      new Problem('not_executed'),
      // @ts-expect-error -- 201 has a Location
      { status: 201, body: author },
      // @ts-expect-error -- 200 is not declared
      { status: 200, body: author },
      // @ts-expect-error -- this problem is not declared
      new Problem('event_not_found'),
    ];
    expect(answers).to.have.length(5);
  });

  it('declares the requests of a client; any other request does not compile', () => {
    const requests: ClientRequest<typeof authorContract.getAuthor>[] = [
      { params: { id: author.id } },
      // @ts-expect-error -- the id is missing
      {},
    ];
    expect(requests).to.have.length(2);
  });

  it('is documented in OpenAPI with the status of each problem', () => {
    const document = openApi({ title: 'Test', contract: { getAuthor: authorContract.getAuthor } }) as {
      paths: Record<string, { get: { responses: Record<string, unknown>; parameters: unknown[] } }>;
    };
    const { responses, parameters } = document.paths['/author/{id}']!.get;
    expect(Object.keys(responses)).to.deep.equal(['200', '400', '404', '500', '503']);
    expect(parameters).to.have.length(1);
  });

  it('documents the limit of a page as an integer with its bounds and default', () => {
    const document = openApi({ title: 'Test', contract: { listAuthors: authorContract.listAuthors } }) as {
      paths: Record<string, { get: { parameters: { name: string; schema: object }[] } }>;
    };
    const limit = document.paths['/author']!.get.parameters.find(({ name }) => name === 'limit');
    expect(limit!.schema).to.include({ type: 'integer', minimum: 1, maximum: 500, default: 50 });
  });

  it('has all its schemas in the OpenAPI document', () => {
    const contracts = [
      { ...authorContract, ...internalContract(authorOperations) },
      { ...conferenceContract, ...internalContract(conferenceOperations) },
      { ...authorContract, ...conferenceContract, ...attendanceContract },
    ];
    for (const contract of contracts) {
      const document = openApi({ title: 'Test', contract }) as { components: { schemas: object } };
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
      const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
      expect(named).to.have.members([...new Set(references)]);
    }
  });
});

describe('a problem', () => {
  it('is an RFC 9457 document for every code', () => {
    for (const code of Object.keys(problemTypes) as ProblemCode[]) {
      const { status, title } = problemTypes[code];
      expect(new Problem(code).document('r')).to.deep.equal({
        ...{ type: `urn:problem-type:${code}`, title, status, code },
        request_id: 'r',
      });
    }
  });
});

describe('a value of the contract', () => {
  it('text counts characters, not UTF-16 units', () => {
    expect(text(2).safeParse('🧮🧮').success).to.equal(true);
    expect(text(2).safeParse('🧮🧮🧮').success).to.equal(false);
    expect(text(2).safeParse('abc').success).to.equal(false);
  });

  it('a UUID is kept in lower case', () => {
    expect(uuid.parse(author.id.toUpperCase())).to.equal(author.id);
  });
});
