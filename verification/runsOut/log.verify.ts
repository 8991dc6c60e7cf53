import { once } from 'node:events';
import { openSync } from 'node:fs';
import { expect } from 'chai';
import { eventually } from '../../test/support/claims.ts';
import { startGateway, metric, alive, answers, killGateways, type Gateway } from './gateway.ts';

afterEach(killGateways);

describe('a log that cannot be written', () => {
  async function expectServes(gateway: Gateway): Promise<void> {
    await eventually(() => alive(gateway));
    await answers(gateway);
    await eventually(async () => void expect(await metric(gateway, 'log_lines_dropped_total')).to.be.above(0));
    await answers(gateway);
    await alive(gateway);
    gateway.child.kill('SIGTERM');
    const [code] = (await once(gateway.child, 'exit')) as [number | null];
    expect(code).to.equal(0);
  }

  it('because the disk is full: the service serves, counts the lines, and stops in order', async () => {
    await expectServes(await startGateway(openSync('/dev/full', 'w'), { DRAIN: 'false' }));
  });

  it('because the reader of the pipe is gone: the same', async () => {
    const gateway = await startGateway('pipe', { DRAIN: 'false' });
    await once(gateway.child.stdout!, 'data');
    gateway.child.stdout!.destroy();
    await expectServes(gateway);
  });

  it('because nobody reads the pipe: the same, in bounded memory', async () => {
    const gateway = await startGateway('pipe', { DRAIN: 'false' });
    gateway.child.stdout!.pause();
    await eventually(() => alive(gateway));
    // each refused request is a line with an error and its stack; together they are more than what may wait
    while ((await metric(gateway, 'log_lines_dropped_total')) === 0)
      await Promise.all(Array.from({ length: 20 }, () => answers(gateway)));
    await expectServes(gateway);
  });
});
