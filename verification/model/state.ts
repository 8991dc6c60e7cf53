import type { CheckerState } from './checker.ts';
import type { Change } from './rules.ts';
import type { Scenario } from './scenarios.ts';

export const sides = ['left', 'right'] as const;
export type Side = (typeof sides)[number];
export type Both<T> = Readonly<Record<Side, T>>;

export const otherThan = (side: Side): Side => (side === 'left' ? 'right' : 'left');

/** A set of claims, with one bit for each claim number. */
export type Claims = number;

export interface Copy {
  readonly held: Claims;
  /** The retired claims for which this copy still has a tombstone. */
  readonly tombstones: Claims;
  /** Whether the entity on this side is marked as deleted, which is final. Its claims stay until they are purged. */
  readonly gone: boolean;
}

/** A request that may arrive at a copy at any time and any number of times. */
export interface Request {
  readonly to: Side;
  readonly kind: 'insert' | 'retire' | 'drop' | 'restore';
  readonly claims: Claims;
  /** The operation that sent it. */
  readonly by: number;
}

/** The reply that an operation got from an owner service; null while it waits for one. */
export type Reply = 'accepted' | 'retired' | 'missing' | 'refused' | 'unknown' | null;

/** What an operation recorded before its first look. */
export interface Sample {
  readonly stable: Claims;
  /** Whether the operation first waited for all reads and removes that had begun. */
  readonly waited: boolean;
}

/** The progress of an operation. */
export type Progress =
  | { readonly stage: 'ready' }
  | { readonly stage: 'over' }
  | { readonly stage: 'inserting'; readonly replies: Both<Reply>; readonly others: Both<Claims> }
  | { readonly stage: 'looking'; readonly seen: Both<Claims | null>; readonly sample: Sample }
  | { readonly stage: 'retiring'; readonly replies: Both<Reply>; readonly claims: Claims }
  | { readonly stage: 'deleting' };

export interface State {
  readonly copies: Both<Copy>;
  readonly sent: readonly Request[];
  /** Requests that a copy has executed in time but has not committed yet. */
  readonly uncommitted: readonly Request[];
  readonly operations: readonly Progress[];
  /** The claims that are older than the grace period. */
  readonly pastGrace: Claims;
  readonly checker: CheckerState;
}

export const heldAtFirst = ({ initially }: Scenario): Claims => (initially === 'present' ? 1 : 0);

/** The constants of an exploration. */
export interface World {
  readonly scenario: Scenario;
  /** The change to the protocol or to its world; null for the protocol as it is. */
  readonly change: Change | null;
}

/** One atomic step: what happens, and the state after it. */
export interface Step {
  readonly text: string;
  /** The operation that makes the step; null for an event that no operation causes. */
  readonly operation: number | null;
  readonly begins: boolean;
  /** The client's answer if the step ends the operation; else null. */
  readonly answer: string | null;
  readonly state: State;
}
