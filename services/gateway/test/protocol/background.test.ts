import { expect } from 'chai';
import { Background } from '../../src/protocol/background.ts';
import { Clock } from './clock.ts';
import { watch } from './world.ts';

describe('background work', () => {
  it('is waited for by idle, even where it began while idle was waiting', async () => {
    const clock = new Clock();
    const background = new Background();
    background.run(new Promise<void>((resolve) => clock.timer(1, resolve)));
    const idle = watch(background.idle());
    await clock.settle();
    background.run(new Promise<void>((resolve) => clock.timer(2, resolve)));
    await clock.advance(1);
    expect(idle.settled).to.equal(false);
    await clock.advance(1);
    expect(idle.settled).to.equal(true);
  });
});
