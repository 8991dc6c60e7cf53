import { coalesce } from '../../src/gateway/coalesce.ts';
import { Clock } from './clock.ts';
import { slots, times, watch } from './createGateway.ts';
import { newId } from './samples.ts';
import { scripted } from './scripted.ts';

/** What a coalescer runs on: a clock of the test's, and production's times. */
export const coalescingOn = ({ now, timer, endOfTurn }: Clock) => ({ now, timer, endOfTurn, newId, times });

/** Items are their own weights. */
export function createCoalesced({ maxWeight = 10 } = {}) {
  const clock = new Clock();
  const send = scripted<number, string>();
  const ask = coalesce(send, coalescingOn(clock), { weigh: (item) => item, maxWeight });
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
      await clock.runTurns();
    }
    return send.calls.splice(0);
  };
  return { clock, send, ask, askAll, answersTo, sent, takeSlots };
}
