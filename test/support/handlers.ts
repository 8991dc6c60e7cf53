import type { HandlerContext } from '@attendance/common/http/handlers';
import { pino } from 'pino';

/** What a handler is given beside the request; keeps what it notes. */
export function context(): HandlerContext & { notes: Record<string, unknown>[] } {
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
