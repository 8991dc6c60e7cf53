/** What an operation does to its pair. */
export type Kind = 'add' | 'remove' | 'read' | 'delete';

/** `refused` says nothing of the pair; an operation whose outcome is `unknown` may take effect at any time, or never. */
export type Outcome = 'done' | 'present' | 'absent' | 'missing' | 'refused' | 'unknown';

/** An operation on one pair, as a client saw it. */
export interface Operation {
  /** The client. */
  process: number;
  /** Moments of one clock, in any unit. */
  start: number;
  end: number | null;
  kind: Kind;
  outcome: Outcome;
}
