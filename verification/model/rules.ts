/** What the protocol is made of, each with what is done where it is taken away. */
export const rules = {
  'a row is a claim, not the pair': 'every add writes the same row, and whoever undoes or removes deletes it',
  'read both copies': 'a read asks one owner',
  'unknown is not undone': 'an add that got no answer is undone and called refused',
  'a refused repeat is unknown': 'the refusal of a second attempt is taken for the refusal of both',
  'a surplus claim stays': 'an add that finds the pair visible withdraws its claim again',
  'a remove retires only what it saw': 'a remove retires whatever a copy holds when its request arrives',
  'retired stays retired': 'a retired claim is deleted without a mark',
  'adds expire': 'a copy takes a claim however old it is',
  'reads expire': 'a read is answered however long it took',
  'removes expire': 'a copy retires what a remove saw however long ago',
  'reconciler waits for grace': 'the reconciler judges young claims too',
  'reconciler fixes first what is old': 'the reconciler decides what is old after it has looked',
  'grace counts from the oldest open transaction': 'the reconciler takes no account of what is still being committed',
  'reconciler drops, never restores': 'the reconciler copies a half claim to the other side',
  'compaction keeps the smallest': 'each reconciler keeps whichever it likes',
  'compaction waits': 'the reconciler drops what is surplus beside reads and removes that had begun before it',
} as const;

/** What is taken for granted of the world, each with what happens where it does not hold. */
export const assumptions = {
  'clocks agree': "the conference copy's clock is far behind",
  'databases keep what they committed': 'the conference copy is set back to how it began',
  'a refused request is not repeated': 'something between repeats what was refused',
  'the first answer counts': 'something between delivers twice and hands on the second answer',
} as const;

/** Changes that look wrong, and are not. */
export const variants = {
  'compaction keeps the largest': 'every reconciler keeps the largest id instead of the smallest',
  'a remove retires in one copy only': 'a remove sends its second round to the author copy alone',
} as const;

export type Rule = keyof typeof rules;
export type Assumption = keyof typeof assumptions;
export type Variant = keyof typeof variants;

/** A change of the protocol or of its world: a rule or an assumption taken away, or a variant put in. */
export type Change = Rule | Assumption | Variant;

export const namesOf = <Name extends string>(all: Record<Name, string>) => Object.keys(all) as Name[];
