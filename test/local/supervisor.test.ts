import { devNull } from 'node:os';
import { startProcess } from '@attendance/local/processes/child';
import { isAlive } from '@attendance/local/processes/table';
import { supervise } from '@attendance/local/supervisor';
import { expect } from 'chai';

describe('supervise', () => {
  it('also stops a component that becomes ready just when it is told to stop', async () => {
    const started = await startProcess(['sleep', '60'], { env: process.env, log: devNull, stopSignal: 'SIGTERM' });
    const component = { name: 'sleep', start: () => Promise.resolve(started), ask: () => Promise.resolve() };
    await supervise(component, () => undefined).stop();
    expect(isAlive(started.pid)).to.equal(false);
  });
});
