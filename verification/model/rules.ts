/** The rules of the protocol. Each value says what the protocol does without the rule. */
export const rules = {
  'a row is a claim, not the pair': 'all adds of a pair write the same row, and every withdrawal or removal deletes it',
  'a read asks both copies': 'a read asks one owner service',
  'an unknown outcome is not undone': 'an add without an answer is withdrawn and reported as refused',
  'a refused repeat is unknown': 'a refused second attempt counts as a refusal of both attempts',
  'an add keeps its surplus claim': 'an add that finds the pair visible withdraws its own claim',
  'a remove retires only what it saw': 'a remove retires every claim that the copy holds when the request arrives',
  'a retired claim stays retired': 'a copy deletes a retired claim and leaves no tombstone',
  'adds expire': 'a copy accepts a claim of any age',
  'reads expire': 'a read is answered however long it took',
  'removes expire': 'a copy retires the claims that a remove saw any time ago',
  'the reconciler waits for the grace period': 'the reconciler also drops young claims',
  'the reconciler samples what is stable first': 'the reconciler decides which claims are stable after it has looked',
  'grace counts from the oldest open transaction': 'the reconciler ignores transactions that are still open',
  'the reconciler never restores': 'the reconciler copies a half claim to the other side',
  'compaction keeps the smallest claim': 'each reconciler keeps any claim it likes',
  'compaction waits': 'the reconciler drops surplus claims while reads and removes that began earlier are running',
  'a deletion marks the entity first': 'a deletion first deletes the claims in pieces, and then the entity',
  'inserts obey the mark': 'a copy accepts claims of a marked entity until its row is gone',
  'reads obey the mark': 'a copy shows a marked entity and its claims until they are purged',
} as const;

/** The assumptions about the world. Each value says what happens where the assumption does not hold. */
export const assumptions = {
  'clocks agree': "the right copy's clock is far behind",
  'databases keep what they committed': 'the right copy is reset to its first state',
  'a refused request is not repeated': 'the network delivers a refused request again',
  'the first answer counts': 'a proxy delivers a request twice and returns the second answer',
} as const;

/** Changes that look wrong but break no history. */
export const variants = {
  'compaction keeps the largest claim': 'every reconciler keeps the largest id instead of the smallest',
  'a remove retires in one copy only': 'a remove sends its second round to the left copy only',
} as const;

export type Rule = keyof typeof rules;
type Assumption = keyof typeof assumptions;
type Variant = keyof typeof variants;

/** A change to the protocol or to its world: without a rule, without an assumption, or with a variant. */
export type Change = Rule | Assumption | Variant;

export const namesOf = <Name extends string>(all: Record<Name, string>) => Object.keys(all) as Name[];
