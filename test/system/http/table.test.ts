import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProblemDocument } from '@attendance/common/contract/problems';
import { expect } from 'chai';
import { eventually } from '../../support/claims.ts';
import { ServiceProcess } from '../../support/process.ts';
import { exchange, type RawAnswer } from '../../support/raw.ts';
import { patient, serviceToken, useSystem } from '../../support/system.ts';
import { document } from './document.ts';
import type { Row, Service } from './row.ts';
import { rows } from './rows.ts';

interface Port {
  url: string;
  process: ServiceProcess;
  list: string;
  /** The member of a body that creates an entity. */
  member: string;
}

const all = Object.values(rows).flat();
function titleOf({ section, what, status }: Row): string {
  return `RFC ${section}: ${what}: ${[status].flat().join(', ')}`;
}

const services = ['gateway', 'author', 'conference'] as const;

describe('docs/http.md', () => {
  it('has the table that the tests below execute', () =>
    expect(readFileSync(document.path, 'utf8'), 'run: npx tsx test/system/http/document.ts').to.equal(document.text()));
});

describe('what a client may send', () => {
  const { system } = useSystem({ direct: true, environment: patient });
  const portOf = (service: Service): Port => {
    const process = system.processes[service];
    const entity = service === 'conference' ? ['/conference', '"acronym":"SWAT"'] : ['/author', '"full_name":"Ada"'];
    return { url: process.url, process, list: entity[0]!, member: entity[1]! };
  };
  const managementOf = (service: Service): Port => {
    const port = portOf(service);
    return { ...port, url: port.process.managementUrl, list: '/healthz' };
  };

  for (const service of services) {
    describe(`to the ${service}`, () => {
      for (const row of all.filter(({ at = services, slow }) => !slow && at.includes(service)))
        it(titleOf(row), () => tryRow(row, portOf(service)));
    });
    describe(`to the management port of the ${service}`, () => {
      for (const row of all.filter(({ everywhere }) => everywhere))
        it(titleOf(row), () => tryRow(row, managementOf(service)));
    });
  }
});

describe('what a slow client sends', () => {
  let gateway: ServiceProcess;
  before(async () => {
    const main = fileURLToPath(new URL('../../../services/gateway/dist/main.js', import.meta.url));
    const environment = { SERVICE_TOKEN: serviceToken, RECONCILE: 'false', TIME_SCALE: '0.02' };
    gateway = await new ServiceProcess(main, environment).start();
  });
  after(() => gateway.stop());

  for (const row of all.filter(({ slow }) => slow))
    it(titleOf(row), () => tryRow(row, { url: gateway.url, process: gateway, list: '/author', member: '' }));
});

async function tryRow(row: Row, port: Port): Promise<void> {
  const tried = await Promise.all(row.send.map((bytes) => tryVariant(row, port, expand(bytes, port))));
  const refused = tried.flat().filter(({ status }) => status >= 400);
  // a request that is refused is found in the log by its id, once
  await eventually(() => {
    for (const { headers } of refused) {
      const lines = port.process.logs.filter(({ request_id }) => request_id === headers['x-request-id']);
      expect(lines.map(({ msg }) => msg)).to.deep.equal(['request']);
    }
  });
}

async function tryVariant(row: Row, { url }: Port, bytes: string): Promise<RawAnswer[]> {
  const { status, closes = false, ends = false, interim = [], headers = {} } = row;
  const statuses = [status].flat();
  const enough = (answers: RawAnswer[]) => answers.length >= interim.length + statuses.length;
  const seen = await exchange(url, bytes, { ends, ...(closes === true ? {} : { enough }) });
  const sent = JSON.stringify(bytes.slice(0, 200));
  expect(
    seen.answers.map((answer) => answer.status),
    sent,
  ).to.deep.equal([...interim, ...statuses]);
  expect([seen.rest, seen.ended], sent).to.deep.equal(['', closes === true]);
  const answers = seen.answers.filter((answer) => answer.status >= 200);
  for (const answer of answers) checkAnswer(answer, bytes);
  const last = answers.at(-1)!;
  if (!closes) expect(last.headers.connection, sent).to.equal('keep-alive');
  for (const [name, value] of Object.entries(headers))
    expect(last.headers[name], `${name}: ${sent}`).to.match(pattern(value));
  if (row.code && last.body) {
    const problem = JSON.parse(last.body) as ProblemDocument;
    expect(problem.code, sent).to.equal(row.code);
    if (row.path) expect(problem.errors?.[0]?.path, sent).to.match(pattern(row.path));
  }
  return answers;
}

/** Checks what every answer has. */
function checkAnswer({ status, headers, body }: RawAnswer, bytes: string): void {
  const sent = JSON.stringify(bytes.slice(0, 200));
  expect(status, sent).to.be.below(500);
  expect(headers, sent).to.include({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  expect(headers['content-security-policy'], sent).to.include("default-src 'none'");
  expect(headers['x-request-id'], sent).to.match(/^[A-Za-z0-9._-]{1,64}$/);
  expect(Date.parse(headers.date ?? ''), sent).to.be.closeTo(Date.now(), 600_000);
  if (status < 400) return;
  expect(headers['content-type'], sent).to.equal('application/problem+json');
  if (bytes.startsWith('HEAD')) return;
  const problem = JSON.parse(body) as ProblemDocument;
  expect(problem, sent).to.include({ status, request_id: headers['x-request-id'] });
}

const pattern = (value: string | RegExp) =>
  typeof value === 'string' ? new RegExp(`^${value.replace(/[/*+.;=]/g, String.raw`\$&`)}$`) : value;

function expand(template: string, { list, member }: Port): string {
  const json = `{${member}}`;
  const bytes = template
    .replaceAll('<list>', list)
    .replaceAll('<json>', json)
    .replaceAll('<member>', member)
    .replaceAll('<length>', String(json.length))
    .replaceAll('<hex>', json.length.toString(16));
  return bytes.replace('<rest>', String(bytes.length - bytes.indexOf('\r\n\r\n') - 4));
}
