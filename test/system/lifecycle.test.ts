import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { createClient } from '../support/client.ts';
import { claimsIn, eventually } from '../support/claims.ts';
import { nobody, populate } from '../support/gateway.ts';
import { useSystem } from '../support/system.ts';

/** Of the services' times, so that a drain does not take long. */
const scale = 0.5;
const times = createTimes({ scale });
const services = ['author', 'conference', 'gateway'] as const;

describe('a service as a process', () => {
  const { system, client } = useSystem({ environment: { TIME_SCALE: String(scale) } });
  // what a test has stopped is there for the next one
  afterEach(async () => {
    system.network.conference.heal();
    await Promise.all(services.map((service) => system.processes[service].ensure()));
  });
  const management = (service: (typeof services)[number], path: string) =>
    fetch(system.processes[service].managementUrl + path);

  it('is alive and ready, and shows its metrics, on its second port only', async () => {
    const { event, author } = await populate(client);
    await client.addAttendance(event.id, author.id);
    await client.request('GET', '/nowhere');
    for (const service of services) {
      expect((await management(service, '/healthz')).status).to.equal(200);
      expect((await management(service, '/readyz')).status).to.equal(200);
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

  it('readiness follows the own database, not other services; liveness follows neither', async () => {
    system.storage.author.freeze();
    await system.processes.conference.stop();
    expect((await management('author', '/readyz')).status).to.equal(503);
    expect((await management('author', '/healthz')).status).to.equal(200);
    expect((await management('gateway', '/readyz')).status).to.equal(200);
    system.storage.author.thaw();
    await eventually(async () => void expect((await management('author', '/readyz')).status).to.equal(200));
  });

  for (const service of services)
    it(`${service}: SIGTERM fails readiness, serves on with Connection: close, and exits 0`, async () => {
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

  it('does not wait for connections that have sent nothing, or half a request', async () => {
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

  it('the gateway finishes requests and withdrawals that are under way', async () => {
    const { event } = await populate(client);
    // the withdrawal from the conference's copy takes its time
    system.network.conference.on('/retireClaims', async ({ deliver, answer }) => {
      await sleep(times.drainMs);
      answer(await deliver());
    });
    expect((await client.addAttendance(event.id, nobody)).status).to.equal(404);
    const exit = system.processes.gateway.stop('SIGTERM');
    expect(await exit).to.equal(0);
    const { conference } = await claimsIn(system.databases, { event: event.id, author: nobody });
    expect([conference.held.length, conference.retired.length]).to.deep.equal([0, 1]);
  });

  it('answers what has no Host as any bad request, and ignores expectations that it does not know', async () => {
    const { hostname, port } = new URL(system.gateway);
    const ask = async (request: string) => {
      const socket = connect(Number(port), hostname);
      socket.write(request);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return answer.toString();
    };
    const hostless = await ask('GET /author HTTP/1.1\r\n\r\n');
    expect(hostless)
      .to.match(/^HTTP\/1\.1 400 /)
      .and.include('x-request-id: ')
      .and.include('nosniff');
    expect(await ask('GET /author HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n')).to.match(/^HTTP\/1\.1 200 /);
  });

  it('answers methods that no parser knows with 405 and Allow', async () => {
    const { hostname, port } = new URL(system.gateway);
    const socket = connect(Number(port), hostname);
    socket.write('BREW /author?x=1 HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString())
      .to.match(/^HTTP\/1\.1 405 /)
      .and.include('\r\nAllow: GET, HEAD, POST\r\n');
    socket.destroy();
  });

  // the last but one: the gateway keeps these times
  it('cuts off a client that sends its request too slowly', async () => {
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

  it('says all that is wrong with its environment at once, and exits 1', async () => {
    await system.processes.author.stop();
    const error = await system.processes.author
      .start({ DATABASE_NAME: '', PORT: 'http', LOG_LEVEL: 'loud' })
      .catch((reason: unknown) => String(reason));
    expect(error).to.include('exited with 1');
    for (const variable of ['DATABASE_NAME: is not set', 'PORT', 'LOG_LEVEL']) expect(error).to.include(variable);
  });
});
