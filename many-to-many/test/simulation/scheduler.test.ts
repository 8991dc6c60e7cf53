import { expect } from 'chai';
import { createRandom } from '../../src/testing/random.ts';
import { Scheduler } from '../../src/testing/simulation/scheduler.ts';

describe('the scheduler of the simulation', () => {
  it('puts off what falls into a suspension', async () => {
    const { scheduler, host, happened, happens } = createScheduler();
    scheduler.after(5, happens('late'), host);
    scheduler.after(7, happens('elsewhere'), { alive: true, suspendedUntil: 0 });
    host.suspendedUntil = 20;
    await scheduler.run(() => undefined);
    expect(happened).to.deep.equal(['elsewhere at 7', 'late at 20']);
  });

  it('cancels what was put off', async () => {
    const { scheduler, host, happened, happens } = createScheduler();
    const cancel = scheduler.after(5, happens('late'), host);
    host.suspendedUntil = 20;
    scheduler.after(10, cancel);
    await scheduler.run(() => undefined);
    expect(happened).to.deep.equal([]);
  });

  it('lets nothing happen in a host that has died', async () => {
    const { scheduler, host, happened, happens } = createScheduler();
    scheduler.after(5, happens('dead'), host);
    scheduler.after(1, () => {
      host.alive = false;
    });
    await scheduler.run(() => undefined);
    expect(happened).to.deep.equal([]);
  });
});

function createScheduler() {
  const scheduler = new Scheduler(createRandom(1));
  const happened: string[] = [];
  const happens = (what: string) => () => void happened.push(`${what} at ${scheduler.now}`);
  return { scheduler, host: { alive: true, suspendedUntil: 0 }, happened, happens };
}
