import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ServiceProcess } from '../../test/support/process.ts';
import { serviceToken } from '../../test/support/system.ts';

describe('a client that does not read its answers', () => {
  it('is cut off, so that it keeps no connection for ever', async () => {
    const main = fileURLToPath(new URL('../../services/gateway/dist/main.js', import.meta.url));
    const environment = { SERVICE_TOKEN: serviceToken, RECONCILE: 'false', TIME_SCALE: '0.02' };
    const gateway = await new ServiceProcess(main, environment).start();
    try {
      const { hostname, port } = new URL(gateway.url);
      const socket = connect(Number(port), hostname).pause();
      let failed: NodeJS.ErrnoException | undefined;
      socket.on('error', (error) => (failed = error));
      // far more than the buffers of both sides hold
      socket.write('GET /openapi.json HTTP/1.1\r\nHost: a.example\r\n\r\n'.repeat(2_000));
      // a paused client notices the end of a connection only when it writes
      while (!failed) {
        await sleep(50);
        socket.write('\r\n');
      }
      expect(failed.code).to.be.oneOf(['ECONNRESET', 'EPIPE']);
      socket.destroy();
    } finally {
      await gateway.stop();
    }
  });
});
