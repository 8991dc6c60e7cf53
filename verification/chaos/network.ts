import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from 'many-to-many/testing';
import type { ChunkBehaviour, TcpProxy } from '../../test/support/tcpProxy.ts';
import type { EdgeFault } from './plan.ts';

/**
 * Injects a fault into an edge.
 * @param struck called for each reset connection, and for each chunk that is delayed or lost
 * @returns a function that ends the fault
 */
export function breakEdge(proxy: TcpProxy, kind: EdgeFault, random: Random, struck: () => void): () => Promise<void> {
  if (kind === 'refuse') {
    // the kernel refuses new connections, which cannot be counted
    for (let reset = proxy.refuse(); reset > 0; reset--) struck();
    return () => proxy.accept();
  }
  let release = (): void => undefined;
  const ended = new Promise<void>((resolve) => (release = resolve));
  const behaviours: Record<Exclude<EdgeFault, 'refuse'>, ChunkBehaviour> = {
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
      await ended;
      pass(bytes);
    },
  };
  proxy.on(behaviours[kind]);
  return () => {
    // later chunks pass at once
    proxy.heal();
    release();
    return Promise.resolve();
  };
}
