import { spawn } from 'node:child_process';
import { running } from '@attendance/local/processes/child';
import { isAlive } from '@attendance/local/processes/table';
import { keepRunning } from '@attendance/local/supervisor';
import { expect } from 'chai';

describe('a part that is kept running', () => {
  it('ends also if it becomes ready in the moment in which it is told to stop', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const part = { name: 'sleep', start: () => running(child, [{ signal: 'SIGTERM', wait: 1_000 }]) };
    const kept = keepRunning(part, () => undefined);
    await kept.stop();
    expect(isAlive(child.pid!)).to.equal(false);
  });
});
