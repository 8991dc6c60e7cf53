import { expect } from 'chai';
import { createRandom } from '../../src/testing/random.ts';
import { Scheduler } from '../../src/testing/simulation/scheduler.ts';

describe('the scheduler of the simulation', () => {
  it('delays the events of a suspended host', async () => {
    const { scheduler, host, events, record } = createScheduler();
    scheduler.after(5, record('late'), host);
    scheduler.after(7, record('elsewhere'), { alive: true, suspendedUntil: 0 });
    host.suspendedUntil = 20;
    await scheduler.run(() => undefined);
    expect(events).to.deep.equal(['elsewhere at 7', 'late at 20']);
  });

  it('cancels delayed events', async () => {
    const { scheduler, host, events, record } = createScheduler();
    const cancel = scheduler.after(5, record('late'), host);
    host.suspendedUntil = 20;
    scheduler.after(10, cancel);
    await scheduler.run(() => undefined);
    expect(events).to.deep.equal([]);
  });

  it('skips the events of a dead host', async () => {
    const { scheduler, host, events, record } = createScheduler();
    scheduler.after(5, record('dead'), host);
    scheduler.after(1, () => {
      host.alive = false;
    });
    await scheduler.run(() => undefined);
    expect(events).to.deep.equal([]);
  });
});

function createScheduler() {
  const scheduler = new Scheduler(createRandom(1));
  const events: string[] = [];
  const record = (what: string) => () => void events.push(`${what} at ${scheduler.now}`);
  return { scheduler, host: { alive: true, suspendedUntil: 0 }, events, record };
}
