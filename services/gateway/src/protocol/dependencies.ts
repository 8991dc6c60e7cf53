import type { AuthorOwner, ConferenceOwner } from '@attendance/common/contract/claims';
import type { ReconcilerEvents } from './reconciler/events.ts';

/** All that the protocol has of the world: so that a simulation can be the world. */
export interface Dependencies {
  author: AuthorOwner;
  conference: ConferenceOwner;
  /** Milliseconds of a monotonic clock. */
  now: () => number;
  /** A new UUIDv7. */
  newId: () => string;
  /** Calls back once after so many milliseconds, unless cancelled by what it returns. */
  timer: (ms: number, callback: () => void) => () => void;
  /** Calls back once when what has arrived by now has been read: at the end of the event loop's turn. */
  turn: (callback: () => void) => void;
  times: ProtocolTimes;
  /** How many calls may be under way at once for one operation of one owner, for tests. */
  slots?: number;
  /** What is worth counting. */
  events: ProtocolEvents;
}

/** The part of the table of times (`common/src/times.ts`) that the protocol goes by, in milliseconds. */
export interface ProtocolTimes {
  wait: number;
  downstream: number;
  public: number;
  skew: number;
  expiry: number;
  compare: number;
  walk: number;
}

export interface ProtocolEvents extends ReconcilerEvents {
  added: (outcome: string) => void;
  removed: (outcome: string) => void;
  withdrawn: (outcome: string) => void;
  /** A claim that should have been retired may have stayed in one copy, where nobody sees it. */
  stranded: (request_ids: string[], reason: string) => void;
}
