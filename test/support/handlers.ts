import type { HandlerContext } from '@attendance/common/http/handlers';
import { pino } from 'pino';

/** Creates the context of a handler, which collects the notes of the handler. */
export function createContext(): HandlerContext & { notes: Record<string, unknown>[] } {
  const notes: Record<string, unknown>[] = [];
  return {
    requestId: 'test',
    log: pino({ level: 'silent' }),
    notes,
    note: (fields) => {
      notes.push(fields);
    },
  };
}
