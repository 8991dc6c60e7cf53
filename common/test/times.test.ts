import { expect } from 'chai';
import { createTimes } from '../src/times.ts';

describe('the table of times', () => {
  it('is scaled as a whole', () => {
    const [full, half] = [createTimes(), createTimes({ scale: 0.5 })];
    for (const name of Object.keys(full) as (keyof typeof full)[]) expect(half[name]).to.equal(full[name] / 2);
  });

  it('is refused if a small scale rounds durations to 0, so that their order is lost', () => {
    expect(() => createTimes({ scale: 0.0001 })).to.throw(/must be in this order/);
  });
});
