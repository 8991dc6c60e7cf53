import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import pg from 'pg';
import { eventually } from '../../test/support/claims.ts';
import { createClient } from '../../test/support/client.ts';
import { populate, unknownId } from '../../test/support/gateway.ts';
import { adminConnection } from '../../test/support/postgres.ts';
import { startProgram } from '../../test/support/program.ts';
import { exchange } from '../../test/support/raw.ts';
import { reconcileByHand } from '../../test/support/reconcile.ts';
import { databaseVariables, startSystem, type System } from '../../test/support/system.ts';

const services = ['author', 'conference', 'gateway'] as const;
const owners = ['author', 'conference'] as const;
const program = (path: string) => fileURLToPath(new URL(`../../services/${path}.js`, import.meta.url));

const canary = (name: string) => `canary-${name}-${randomBytes(12).toString('hex')}`;
const secrets = {
  token: canary('token'),
  previous: canary('previous'),
  author: canary('author'),
  conference: canary('conference'),
  migration: canary('migration'),
  wrong: canary('wrong-password'),
};
// as an encrypted key could be; it is read, refused, and must not be quoted
const key = `-----BEGIN PRIVATE KEY-----\n${canary('key')}\n-----END PRIVATE KEY-----`;

/** The ways in which a secret may be written. */
const forms = (secret: string) => {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')];
};

/** Writes a diagnostic report, then throws an error that nobody handles, when the process gets a signal. */
const late = `data:text/javascript,${encodeURIComponent('process.on("SIGUSR2", () => { process.report.writeReport(); throw new Error("late"); })')}`;

describe('the secrets of a system, given as files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attendance-canaries-'));
  const reports = join(folder, 'reports');
  const file = (name: string) => join(folder, name);
  const write = (name: string, text: string) => writeFileSync(file(name), `${text}\n`);
  /** What everybody gets to see, by where. */
  const seen: Record<string, string> = {};
  let system: System;

  before(async () => {
    mkdirSync(reports);
    for (const [name, secret] of Object.entries(secrets)) write(name, secret);
    write('key', key);
    system = await startSystem({
      environment: {
        SERVICE_TOKEN: '',
        SERVICE_TOKEN_FILE: file('token'),
        SERVICE_TOKEN_PREVIOUS_FILE: file('previous'),
        LOG_LEVEL: 'trace',
        NODE_OPTIONS: `--import=${late} --report-on-fatalerror --report-directory=${reports}`,
      },
    });
    for (const owner of owners) {
      await alterRole(system.databases[owner].serviceRole.user, secrets[owner]);
      await system.processes[owner].stop();
      await system.processes[owner].start({ DATABASE_PASSWORD: '', DATABASE_PASSWORD_FILE: file(owner) });
    }
  });
  after(async () => {
    await system.stop();
    rmSync(folder, { recursive: true });
  });

  const alterRole = (role: string, password: string) =>
    withClient(adminConnection(), (admin) =>
      admin.query(`ALTER ROLE ${pg.escapeIdentifier(role)} PASSWORD ${pg.escapeLiteral(password)}`),
    );

  /** Sends what a client, a proxy or an attacker may send, and keeps the answers. */
  async function sendEverything(): Promise<void> {
    const client = createClient({ gateway: system.gateway });
    const { event, author } = await populate(client);
    const replies = [
      await client.addAttendance(event.id, author.id),
      await client.addAttendance(event.id, unknownId),
      await client.removeAttendance(event.id, author.id),
      await client.request('POST', '/author', { body: '{ no JSON' }),
      await client.request('GET', '/nowhere'),
    ];
    client.close();
    seen['answers of the gateway'] = JSON.stringify(replies.map(({ headers, text }) => [headers, text]));
    for (const service of services) {
      const { url, managementUrl } = system.processes[service];
      const direct = createClient({ gateway: url });
      const headers = (authorization: string) => ({ headers: { authorization } });
      const path = '/internal/relation/insertClaims';
      const answers = [
        await direct.request('POST', path, { body: {}, ...headers(`Bearer ${secrets.token}`) }),
        await direct.request('POST', `${path}?token=${secrets.token}`, { body: {}, ...headers('Bearer wrong') }),
        await direct.request('POST', path, { body: '{ no JSON', ...headers(`Bearer ${secrets.previous}`) }),
        await direct.request('GET', '/internal/agreement', headers(`Bearer ${secrets.token}`)),
        await direct.request('GET', '/internal/agreement', headers(`Basic ${secrets.token}`)),
        await direct.request('GET', '/openapi.json'),
      ];
      direct.close();
      const broken = `GET /author HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secrets.token}\r\nBad header\r\n\r\n`;
      seen[`answers of ${service}`] = JSON.stringify([
        answers.map(({ headers: fields, text }) => [fields, text]),
        await exchange(url, broken),
      ]);
      const management = ['/metrics', '/readyz', '/healthz'].map(async (of) =>
        (await fetch(managementUrl + of)).text(),
      );
      seen[`management of ${service}`] = (await Promise.all(management)).join();
    }
  }

  /** Breaks the connections to the databases in each way that has an error of its own. */
  async function breakDatabases(): Promise<void> {
    const unready = async () => {
      for (const owner of owners) {
        const answer = await fetch(`${system.processes[owner].managementUrl}/readyz`);
        seen[`readiness of ${owner}, broken`] = (seen[`readiness of ${owner}, broken`] ?? '') + (await answer.text());
        expect(answer.status).to.equal(503);
      }
    };
    for (const owner of owners) await alterRole(system.databases[owner].serviceRole.user, secrets.wrong);
    for (const owner of owners) system.storage[owner].cut();
    await eventually(unready);
    await sendBroken();
    for (const owner of owners) await alterRole(system.databases[owner].serviceRole.user, secrets[owner]);
    for (const owner of owners) system.storage[owner].refuse();
    await eventually(unready);
    await sendBroken();
    for (const owner of owners) await system.storage[owner].accept();
  }

  async function sendBroken(): Promise<void> {
    const client = createClient({ gateway: system.gateway });
    const { text } = await client.createAuthor('Ada');
    seen['answers while broken'] = (seen['answers while broken'] ?? '') + text;
    client.close();
  }

  /** Runs the other programs, with what they need and with what is wrong. */
  async function runPrograms(): Promise<void> {
    const { migrationRole } = system.databases.author;
    const variables = {
      ...databaseVariables({ ...migrationRole, password: '' }),
      DATABASE_PASSWORD_FILE: file('wrong'),
    };
    const tls = { DATABASE_TLS: 'require', DATABASE_TLS_CERT_FILE: file('key'), DATABASE_TLS_KEY_FILE: file('key') };
    const url = `http://user:${secrets.wrong}@127.0.0.1:1`;
    const results = await Promise.all([
      startProgram(program('author/dist/migrate'), [], variables).ended,
      startProgram(program('author/dist/migrate'), [], { ...variables, ...tls }).ended,
      startProgram(program('author/dist/migrate'), [], {
        ...variables,
        DATABASE_HOST: url,
      }).ended,
      startProgram(program('author/dist/main'), [], { ...variables, SERVICE_TOKEN: `${secrets.wrong}\u00e9` }).ended,
      reconcileByHand({ processes: { author: { url }, conference: { url } } }),
      reconcileByHand({ processes: system.processes }, '--dry-run'),
    ]);
    results.forEach(({ output, errors }, i) => (seen[`output of program ${i}`] = output + errors));
    for (const { code } of results) expect(code).to.not.equal(0);
  }

  it('are in no answer, metric, log, error, report, command line or environment', async () => {
    await sendEverything();
    await breakDatabases();
    await runPrograms();
    for (const service of services) {
      const { pid } = system.processes[service];
      // processes of Linux
      seen[`process list: ${service}`] = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      seen[`environment: ${service}`] = readFileSync(`/proc/${pid}/environ`, 'utf8');
      expect(await system.processes[service].stop('SIGUSR2')).to.not.equal(0);
      seen[`log: ${service}`] = JSON.stringify(system.processes[service].logs);
      expect(seen[`log: ${service}`]).to.include('late');
    }
    for (const name of readdirSync(reports)) seen[`report ${name}`] = readFileSync(join(reports, name), 'utf8');
    expect(readdirSync(reports)).to.have.length(services.length);

    const found = Object.entries({ ...secrets, key: key.split('\n')[1]! }).flatMap(([name, secret]) =>
      Object.entries(seen)
        .filter(([, text]) => forms(secret).some((form) => text.includes(form)))
        .map(([where]) => `${name} in ${where}`),
    );
    expect(found).to.deep.equal([]);
  });
});
