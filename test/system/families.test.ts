import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ServiceProcess } from '../support/process.ts';

const main = fileURLToPath(new URL('../../services/gateway/dist/main.js', import.meta.url));
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const hosts = hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];

describe('a service', () => {
  it('without HOST listens on both families, as far as the machine has them', async () => {
    const gateway = new ServiceProcess(main, {
      HOST: '',
      SERVICE_TOKEN: 'x'.repeat(16),
      RECONCILE: 'false',
      DRAIN: 'false',
    });
    try {
      await gateway.start();
      for (const url of [`${gateway.url}/author?limit=0`, `${gateway.managementUrl}/healthz`])
        for (const host of hosts)
          expect((await fetch(url.replace('127.0.0.1', host))).status, `${url} at ${host}`).to.be.below(500);
    } finally {
      await gateway.stop();
    }
  });
});
