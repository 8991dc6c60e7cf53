import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventually } from '../support/claims.ts';
import { readMetric } from '../support/metrics.ts';
import { ServiceProcess } from '../support/process.ts';
import { serviceToken } from '../support/system.ts';

describe('connections above the limit of a service', () => {
  let gateway: ServiceProcess;
  const sockets: Socket[] = [];
  before(async () => {
    const main = fileURLToPath(new URL('../../services/gateway/dist/main.js', import.meta.url));
    gateway = new ServiceProcess(main, { SERVICE_TOKEN: serviceToken, RECONCILE: 'false', MAX_IN_FLIGHT: '1' });
    await gateway.start();
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await gateway.stop();
  });

  async function open(): Promise<Socket> {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  it('are refused, counted and logged once, while the service stays ready', async () => {
    const refused = () => readMetric(gateway, 'http_connections_refused_total', { reason: 'connection_limit' });
    expect(await refused()).to.equal(0);
    for (let i = 0; i < 4; i += 1) await open();
    for (let i = 0; i < 20; i += 1) {
      const socket = await open();
      socket.on('error', () => socket.destroy()).resume();
      if (!socket.closed) await once(socket, 'close');
    }
    expect(await refused()).to.equal(20);
    await eventually(() => {
      const lines = gateway.logs.filter(({ msg }) => msg === 'too many connections');
      expect(lines.map((line) => [line.refused, line.max_connections])).to.deep.equal([[1, 4]]);
    });
    expect((await fetch(`${gateway.managementUrl}/readyz`)).status).to.equal(200);
  });

  it('are accepted again after others have closed', async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await eventually(async () => {
      expect((await fetch(`${gateway.url}/openapi.json`, { headers: { connection: 'close' } })).status).to.equal(200);
    });
  });
});
