import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../consistency/random.ts';
import type { PassageBehaviour, TcpProxy } from '../support/tcpProxy.ts';
import type { EdgeFault } from './plan.ts';

/**
 * Breaks an edge.
 * @param struck called for all that the fault touches
 * @returns what heals it
 */
export function breakEdge(proxy: TcpProxy, kind: EdgeFault, random: Random, struck: () => void): () => Promise<void> {
  const behaviours: Record<Exclude<EdgeFault, 'refuse' | 'blackhole'>, PassageBehaviour> = {
    delay: async ({ bytes, pass }) => {
      struck();
      await sleep(10 + random.below(600));
      pass(bytes);
    },
    slow: async ({ bytes, pass }) => {
      struck();
      for (let sent = 0; sent < bytes.length; sent += 100) {
        pass(bytes.subarray(sent, sent + 100));
        await sleep(20);
      }
    },
    'cut before': ({ direction, bytes, pass, cut }) => {
      if (direction === 'answer' || random.below(2) === 0) return pass(bytes);
      struck();
      cut();
    },
    'cut after': ({ direction, bytes, pass, cut }) => {
      if (direction === 'request' || random.below(2) === 0) return pass(bytes);
      struck();
      cut();
    },
  };
  if (kind === 'refuse') {
    struck();
    proxy.refuse();
    return () => proxy.accept();
  }
  if (kind === 'blackhole') {
    struck();
    proxy.freeze();
    return () => Promise.resolve(proxy.thaw());
  }
  proxy.on(behaviours[kind]);
  return () => Promise.resolve(proxy.heal());
}
