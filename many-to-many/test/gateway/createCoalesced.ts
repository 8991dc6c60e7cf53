import { coalesce } from '../../src/gateway/coalesce.ts';
import { Clock } from './clock.ts';
import { slots, times, watch } from './createGateway.ts';
import { newId } from './samples.ts';
import { scripted } from './scripted.ts';

/** Creates the options of a coalescer with a virtual clock and the times of production. */
export const coalescingOn = ({ now, timer, endOfTurn }: Clock) => ({ now, timer, endOfTurn, newId, times });

/** Creates a coalescer of numbers, each its own weight. */
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
  /** Occupies every slot with a call. @returns these calls */
  const takeSlots = async () => {
    for (let i = 0; i < slots; i++) {
      askAll(1);
      await clock.runTurns();
    }
    return send.calls.splice(0);
  };
  return { clock, send, ask, askAll, answersTo, sent, takeSlots };
}
