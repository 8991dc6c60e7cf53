import { ConnectionReset, NotExecuted } from '@attendance/gateway-service/protocol/failures';
import { createProtocol } from '@attendance/gateway-service/protocol/protocol';
import { createMemoryAuthors, createMemoryConferences } from './owner/memoryOwner.ts';

/** What is simulated: the gateway's protocol, or a mutant of it, over owners in memory, or mutants of them. */
export interface Code {
  createProtocol: typeof createProtocol;
  ConnectionReset: typeof ConnectionReset;
  NotExecuted: typeof NotExecuted;
  createMemoryAuthors: typeof createMemoryAuthors;
  createMemoryConferences: typeof createMemoryConferences;
}

export const realCode: Code = {
  createProtocol,
  ConnectionReset,
  NotExecuted,
  createMemoryAuthors,
  createMemoryConferences,
};
