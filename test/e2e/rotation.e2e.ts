import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createClient, type Client } from '../support/client.ts';
import { eventually, psql, readFromPods, secret, serversOf, services } from './support/cluster.ts';
import { attempt, run } from './support/command.ts';
import { createNamespace } from './support/pod.ts';
import { forward, type Forwarded } from './support/portForward.ts';
import { passwordOf, runAs } from './support/roles.ts';
import { changeSecret, waitForFile } from './support/secrets.ts';
import { expectNoFailures } from './support/traffic.ts';

const owners = [
  { release: 'author-service', database: 'author', port: 8070 },
  { release: 'conference-service', database: 'conference', port: 8080 },
] as const;
const ownerServices = owners.map(({ release }) => release);
const roles = owners.flatMap(({ database }) => [`${database}_owner`, `${database}_service`]);
const rate = 100;

const tokenFile = '/secrets/service-token/token';
const previousFile = '/secrets/service-token/previous';
const passwordFile = '/secrets/database/password';

describe('secrets as files, changed under steady traffic', function () {
  let gateway: Forwarded;
  let client: Client;

  before(async () => {
    await createNamespace('elsewhere');
    const fromFiles = ['--set', 'serviceToken.fromFile=true'];
    const upgrade = (release: string, chart: string, options: string[]) =>
      run('helm', ['upgrade', release, `charts/${chart}`, '--reuse-values', '--wait', ...options]);
    await Promise.all([
      upgrade('gateway-service', 'gateway-service', fromFiles),
      ...ownerServices.map((release) =>
        upgrade(release, 'owner-service', [...fromFiles, '--set', 'database.passwordFromFile=true']),
      ),
    ]);
    gateway = await forward('service/gateway-service', 8090);
    client = createClient({ gateway: gateway.url });
  });

  after(async () => {
    // other parts need the passwords of the secrets, whatever happened
    for (const role of roles) await takePassword(role);
    client.close();
    await gateway.stop();
  });

  it('a change of the service token fails no request', () =>
    expectNoFailures({ rate }, async (traffic) => {
      const old = await secret('service-token', 'token');
      const token = newSecret();
      await changeSecret('service-token', { previous: token });
      await waitForFile(ownerServices, previousFile, token);
      await waitForAnswer(token, 'accepted');
      await changeSecret('service-token', { token, previous: old });
      await waitForFile(services, tokenFile, token);
      await changeSecret('service-token', { previous: null });
      await waitForFile(ownerServices, previousFile, '');
      await waitForAnswer(old, 'refused');
      await waitForAnswer(token, 'accepted');
      await traffic.waitForMore(500);
    }));

  it('a change of the passwords of both databases fails no request', () =>
    expectNoFailures({ rate }, async (traffic) => {
      const old = new Map<string, string>();
      for (const role of roles) old.set(role, await passwordOf(role));
      const changePasswords = async ({ release, database }: (typeof owners)[number]) => {
        const password = newSecret();
        await changeSecret(`${database}-database`, { 'owner-password': newSecret(), 'service-password': password });
        await waitForFile([release], passwordFile, password);
      };
      await Promise.all(owners.map(changePasswords));
      await waitForConnections('with the old password, after the new one was refused');
      for (const role of roles) await takePassword(role);
      await Promise.all(roles.map((role) => expectChanged(role, old.get(role)!)));
      await waitForConnections('with the new password');
      await traffic.waitForMore(500);
    }));

  /** Waits until each owner service has opened a connection of its pool from now on, and readiness has one too. */
  async function waitForConnections(how: string): Promise<void> {
    for (const { release, database, port } of owners) {
      const since = await psql(database, 'SELECT clock_timestamp()');
      const isReady = () =>
        readFromPods(release, port + 1000, '/readyz').then(
          () => true,
          () => false,
        );
      await eventually(`${release} is ready ${how}`, 60, isReady);
      await eventually(`a connection of ${release} ${how}`, 60, async () => {
        // more at once than there are idle connections
        const replies = await Promise.all(
          Array.from({ length: 12 }, () => client.request('GET', `/${database}?limit=1`)),
        );
        expect(replies.map(({ status }) => status)).to.deep.equal(replies.map(() => 200));
        const made = `application_name = '${release}' AND backend_start > '${since}'`;
        return Number(await psql(database, `SELECT count(*) FROM pg_stat_activity WHERE ${made}`)) > 0;
      });
    }
  }
});

const newSecret = () => randomBytes(24).toString('hex');

/** Asks an internal route, and prints whether the token was accepted. The token is checked before the body is read. */
const showToken = (port: number) => `
  let token = '';
  process.stdin.on('data', (chunk) => (token += chunk)).on('end', async () => {
    const url = 'http://127.0.0.1:${port}/internal/relation/insertClaims';
    const { status } = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer ' + token } });
    console.log(status === 401 ? 'refused' : 'accepted');
  });
`;

/** Changes the password of a role to that in the secret. */
async function takePassword(role: string): Promise<void> {
  await psql('postgres', `ALTER ROLE ${role} PASSWORD '${await passwordOf(role)}'`);
}

async function expectChanged(role: string, oldPassword: string): Promise<void> {
  const [database = ''] = role.split('_');
  expect((await runAs(role, database, 'SELECT 1')).code, `the new password of ${role}`).to.equal(0);
  const { stderr } = await runAs(role, database, 'SELECT 1', oldPassword);
  expect(stderr, `the old password of ${role}`).to.include('password authentication failed');
}

/** Waits until every pod of the owner services answers a token in this way. */
async function waitForAnswer(token: string, expected: 'accepted' | 'refused'): Promise<void> {
  const waitFor = ({ release, port }: (typeof owners)[number]) =>
    eventually(`the token is ${expected} by ${release}`, 30, async () => {
      const exec = (pod: string) => ['exec', '--stdin', pod, '--', 'node', '--eval', showToken(port)];
      const pods = await serversOf(release);
      const answers = await Promise.all(
        pods.map(({ metadata }) => attempt('kubectl', exec(metadata.name), { input: token })),
      );
      return answers.every(({ stdout }) => stdout.trim() === expected);
    });
  await Promise.all(owners.map(waitFor));
}
