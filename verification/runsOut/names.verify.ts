import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../test/support/claims.ts';
import { describeWith } from '../../test/support/needs.ts';
import { startGateway, alive, answers, killGateways } from './gateway.ts';

afterEach(killGateways);

describeWith('unshare', 'the threads that look up names', () => {
  it('that all wait for a name server which does not answer: 503 in time, alive, and logging', async () => {
    const silent = createSocket('udp4').bind(53, '127.0.0.77');
    await once(silent, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'attendance-dns-'));
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.77\n');
    const command = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const gateway = await startGateway(
      'pipe',
      { AUTHOR_SERVICE_URL: 'http://author-service.example:8070' },
      [],
      [...['unshare', '--mount', 'sh', '-c', command, join(folder, 'resolv.conf')]],
    );
    let output = '';
    gateway.child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    try {
      await eventually(() => alive(gateway));
      const began = performance.now();
      await Promise.all(Array.from({ length: 50 }, () => answers(gateway)));
      expect(performance.now() - began).to.be.below(5_000);
      // lookups have threads of their own among those that also write the log
      await eventually(() => void expect(output.match(/"status":503/g)).to.have.length(50), { within: 5_000 });
      await alive(gateway);
    } finally {
      silent.close();
      rmSync(folder, { recursive: true });
    }
  });
});
