import { coalesce } from '../../src/protocol/coalesce.ts';
import { Clock } from './clock.ts';
import { scripted } from './scripted.ts';
import { slots, times, watch } from './world.ts';

/** Items are their own weights. */
export function createCoalesced({ maxWeight = 10 } = {}) {
  const clock = new Clock();
  const send = scripted<number, string>();
  const world = { now: clock.now, timer: clock.timer, turn: clock.turn, times };
  const ask = coalesce(send, world, { weigh: (item) => item, maxWeight });
  const sent = () => send.calls.map(({ items }) => items);
  const answersTo = (...items: number[]) => {
    const answers = items.map((item) => ask(item));
    answers.forEach(watch);
    return answers;
  };
  const askAll = (...items: number[]) => void answersTo(...items);
  /** Takes every slot, one call in each, of an item of weight 1. */
  const takeSlots = async () => {
    for (let i = 0; i < slots; i++) {
      askAll(1);
      await clock.settle();
    }
    return send.calls.splice(0);
  };
  return { clock, send, ask, askAll, answersTo, sent, takeSlots };
}
