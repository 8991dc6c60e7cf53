import type { Judgement } from './judge.ts';
import type { Change } from './rules.ts';
import type { Scenario } from './scenarios.ts';

export const sides = ['author', 'conference'] as const;
export type Side = (typeof sides)[number];
export type Both<T> = Readonly<Record<Side, T>>;

export const otherThan = (side: Side): Side => (side === 'author' ? 'conference' : 'author');

/** A set of claims, a bit for each number. */
export type Claims = number;

export interface Copy {
  readonly held: Claims;
  /** Marks of claims that were retired. */
  readonly marked: Claims;
  /** Whether its entity is deleted, for ever. */
  readonly gone: boolean;
}

/** A request that may arrive at a copy at any time, any number of times. */
export interface Request {
  readonly to: Side;
  readonly kind: 'insert' | 'retire' | 'drop' | 'restore';
  readonly claims: Claims;
  /** The operation that sent it. */
  readonly by: number;
}

/** What an operation heard of an owner; null before that. */
export type Heard = 'taken' | 'retired' | 'missing' | 'refused' | 'unknown' | null;

/** What was so when an operation began to look. */
export interface Sample {
  readonly settled: Claims;
  /** Whether those that had begun by then were let finish first. */
  readonly patient: boolean;
}

/** How far an operation is. */
export type Progress =
  | { readonly stage: 'ready' }
  | { readonly stage: 'over' }
  | { readonly stage: 'inserting'; readonly heard: Both<Heard>; readonly others: Both<Claims> }
  | { readonly stage: 'looking'; readonly seen: Both<Claims | null>; readonly sample: Sample }
  | { readonly stage: 'retiring'; readonly heard: Both<Heard>; readonly claims: Claims };

export interface State {
  readonly copies: Both<Copy>;
  readonly sent: readonly Request[];
  /** What its copy judged in time and has not committed yet. */
  readonly open: readonly Request[];
  readonly operations: readonly Progress[];
  /** The claims whose ids were made before grace passed. */
  readonly old: Claims;
  readonly judgement: Judgement;
}

export const heldAtFirst = ({ initially }: Scenario): Claims => (initially === 'present' ? 1 : 0);

/** What does not change while a scenario is explored. */
export interface World {
  readonly scenario: Scenario;
  /** What is different from the protocol and the world as they are. */
  readonly change: Change | null;
}

/** One atomic step: what happens, and the state after it. */
export interface Step {
  readonly text: string;
  /** The operation whose step it is; null for what happens by itself. */
  readonly operation: number | null;
  readonly begins: boolean;
  /** What the client is told, where the step ends the operation. */
  readonly told: string | null;
  readonly state: State;
}
