import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from 'many-to-many/testing';
import type { PassageBehaviour, TcpProxy } from '../../test/support/tcpProxy.ts';
import type { EdgeFault } from './plan.ts';

/**
 * Breaks an edge.
 * @param struck called for each connection that is reset, and for bytes that are held back or do not arrive
 * @returns what heals it
 */
export function breakEdge(proxy: TcpProxy, kind: EdgeFault, random: Random, struck: () => void): () => Promise<void> {
  if (kind === 'refuse') {
    // whoever knocks meanwhile is turned away by the kernel, where nobody can count it
    for (let reset = proxy.refuse(); reset > 0; reset--) struck();
    return () => proxy.accept();
  }
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const behaviours: Record<Exclude<EdgeFault, 'refuse'>, PassageBehaviour> = {
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
    blackhole: async ({ bytes, pass }) => {
      struck();
      await over;
      pass(bytes);
    },
  };
  proxy.on(behaviours[kind]);
  return () => {
    // what comes after the bytes that were held back passes as ever
    proxy.heal();
    end();
    return Promise.resolve();
  };
}
