import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { createClient } from '../support/client.ts';
import { readClaimsOfPair, eventually } from '../support/claims.ts';
import { populate, unknownId } from '../support/gateway.ts';
import { useSystem } from '../support/system.ts';

/** Shortens the drain of the services. */
const scale = 0.5;
const times = createTimes({ scale });
const services = ['author', 'conference', 'gateway'] as const;

describe('a service process', () => {
  const { system, client } = useSystem({ environment: { TIME_SCALE: String(scale) } });
  afterEach(async () => {
    system.network.conference.heal();
    await Promise.all(services.map((service) => system.processes[service].startIfEnded()));
  });
  const management = (service: (typeof services)[number], path: string) =>
    fetch(system.processes[service].managementUrl + path);

  async function firstBytesOfAnswer(request: string): Promise<string> {
    const { hostname, port } = new URL(system.gateway);
    const socket = connect(Number(port), hostname);
    socket.write(request);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString();
  }

  it('serves probes and metrics on its second port only', async () => {
    const { event, author } = await populate(client);
    await client.addAttendance(event.id, author.id);
    await client.request('GET', '/nowhere');
    for (const service of services) {
      expect((await management(service, '/healthz')).status).to.equal(200);
      // its bound is short: on a busy machine a check may be late
      await eventually(async () => void expect((await management(service, '/readyz')).status).to.equal(200));
      expect((await management(service, '/author')).status).to.equal(404);
      const metrics = await (await management(service, '/metrics')).text();
      expect(metrics).to.include('http_request_duration_seconds_count').and.include('nodejs_eventloop_lag_seconds');
      if (service !== 'gateway') expect(metrics).to.match(/database_pool_connections\{state="free",.*\} [1-9]/);
    }
    const metrics = await (await management('gateway', '/metrics')).text();
    expect(metrics).to.match(/attendance_adds_total\{outcome="added",service="gateway"\} 1/);
    expect(metrics).to.include('route="/event/:event_id/attendance/:author_id"').and.include('route="unmatched"');
    expect(metrics).to.match(/downstream_request_duration_seconds_count\{.*operation="insertClaims",outcome="200"\} 1/);
    expect(metrics, 'labels are bounded').to.not.include(event.id);
  });

  it('is ready while its own database answers, whatever other services do; it is always alive', async () => {
    system.storage.author.freeze();
    await system.processes.conference.stop();
    // after a slow look, it waits as long for the next one
    await eventually(async () => void expect((await management('author', '/readyz')).status).to.equal(503));
    expect((await management('author', '/healthz')).status).to.equal(200);
    expect((await management('gateway', '/readyz')).status).to.equal(200);
    system.storage.author.thaw();
    await eventually(async () => void expect((await management('author', '/readyz')).status).to.equal(200));
  });

  for (const service of services)
    it(`${service}: after SIGTERM it is not ready, answers with Connection: close, and exits with 0`, async () => {
      const process = system.processes[service];
      const direct = createClient({ gateway: process.url });
      const exit = process.stop('SIGTERM');
      await eventually(async () => void expect((await management(service, '/readyz')).status).to.equal(503));
      expect((await management(service, '/healthz')).status).to.equal(200);
      const reply = await direct.request('GET', '/openapi.json');
      expect([reply.status, reply.headers.connection]).to.deep.equal([200, 'close']);
      const started = performance.now();
      expect(await exit).to.equal(0);
      expect(performance.now() - started).to.be.below(times.drainMs + times.requestMs);
      direct.close();
    });

  it('exits although connections have sent nothing or half a request', async () => {
    const { hostname, port } = new URL(system.gateway);
    const sockets = ['', 'GET /auth', 'POST /author HTTP/1.1\r\nHost: x\r\n'].map((sent) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(sent);
      return socket;
    });
    await sleep(100);
    const started = performance.now();
    expect(await system.processes.gateway.stop('SIGTERM')).to.equal(0);
    expect(performance.now() - started).to.be.below(times.drainMs + times.requestMs);
    for (const socket of sockets) socket.destroy();
  });

  it('completes a withdrawal before the gateway exits', async () => {
    const { event } = await populate(client);
    system.network.conference.on('/retireClaims', async ({ deliver, answer }) => {
      await sleep(times.drainMs);
      answer(await deliver());
    });
    expect((await client.addAttendance(event.id, unknownId)).status).to.equal(404);
    const exit = system.processes.gateway.stop('SIGTERM');
    expect(await exit).to.equal(0);
    const { conference } = await readClaimsOfPair(system.databases, { event: event.id, author: unknownId });
    expect([conference.held.length, conference.retired.length]).to.deep.equal([0, 1]);
  });

  it('answers 400 to a request without Host, and ignores an unknown Expect', async () => {
    expect(await firstBytesOfAnswer('GET /author HTTP/1.1\r\n\r\n'))
      .to.match(/^HTTP\/1\.1 400 /)
      .and.include('x-request-id: ')
      .and.include('nosniff');
    const answer = await firstBytesOfAnswer('GET /author HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n');
    expect(answer).to.match(/^HTTP\/1\.1 200 /);
  });

  it('answers an unknown method with 405 and Allow', async () => {
    expect(await firstBytesOfAnswer('BREW /author?x=1 HTTP/1.1\r\nHost: x\r\n\r\n'))
      .to.match(/^HTTP\/1\.1 405 /)
      .and.include('\r\nAllow: GET, HEAD, POST\r\n');
  });

  // the next tests run with these short times too
  it('answers 408 to a client that sends its request too slowly', async () => {
    await system.processes.gateway.stop();
    await system.processes.gateway.start({ TIME_SCALE: '0.05' });
    const { hostname, port } = new URL(system.gateway);
    const head = 'POST /author HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n';
    for (const sent of [head, `${head}\r\n{`]) {
      const socket = connect(Number(port), hostname);
      socket.write(sent);
      const started = performance.now();
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      await once(socket, 'close');
      expect(performance.now() - started).to.be.above(1_000);
      expect(answer)
        .to.match(/^HTTP\/1\.1 408 /)
        .and.include('"code":"request_timeout"');
    }
  });

  it('lists all errors of its environment, and exits with 1', async () => {
    await system.processes.author.stop();
    const error = await system.processes.author
      .start({ DATABASE_NAME: '', PORT: 'http', LOG_LEVEL: 'loud' })
      .catch((reason: unknown) => String(reason));
    expect(error).to.include('exited with 1');
    for (const variable of ['DATABASE_NAME: is not set', 'PORT', 'LOG_LEVEL']) expect(error).to.include(variable);
  });
});
