import { expect } from 'chai';
import { Background } from '../../src/gateway/background.ts';
import { Clock } from './clock.ts';
import { watch } from './createGateway.ts';

describe('background work', () => {
  it('delays idle, even if it began after the call of idle', async () => {
    const clock = new Clock();
    const background = new Background();
    background.run(new Promise<void>((resolve) => clock.timer(1, resolve)));
    const idle = watch(background.idle());
    await clock.runTurns();
    background.run(new Promise<void>((resolve) => clock.timer(2, resolve)));
    await clock.advance(1);
    expect(idle.done).to.equal(false);
    await clock.advance(1);
    expect(idle.done).to.equal(true);
  });
});
