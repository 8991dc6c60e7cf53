import { expect } from 'chai';
import fc from 'fast-check';
import type { Kind, Operation, Outcome } from '../../src/testing/history/operation.ts';
import { checkPair, type State } from '../../src/testing/index.ts';
import { checkPairNaively } from './naive.ts';

/** An operation with the moment of its effect; null for an unknown operation without an effect. */
interface Attempt {
  process: number;
  kind: Kind;
  start: number;
  moment: number | null;
  end: number | null;
  known: boolean;
}

const attempt: fc.Arbitrary<Attempt> = fc
  .record({
    kind: fc.nat(30).map((n): Kind => (n === 0 ? 'delete' : n < 11 ? 'add' : n < 19 ? 'remove' : 'read')),
    unknown: fc.constantFrom('no', 'no', 'no', 'no', 'answered', 'silent'),
    never: fc.boolean(),
    start: fc.nat(60),
    before: fc.nat(8),
    after: fc.nat(8),
  })
  .map(({ kind, unknown, never, start, before, after }) => {
    const known = kind === 'read' || unknown === 'no';
    // an unknown operation may take effect after its answer
    const moment = known ? start + before : never ? null : start + 3 * before;
    return {
      process: 0,
      kind,
      known,
      start,
      moment,
      end: known || unknown === 'answered' ? start + before + after : null,
    };
  });

/** Runs operations on a register, each at its moment, so that the answers are linearizable by definition. */
function runOnRegister(attempts: Attempt[]): Operation[] {
  let state: State = 'absent';
  let lastPresent = -1;
  const outcomes = new Map<Attempt, Outcome>();
  const inOrder = attempts.filter(({ moment }) => moment !== null).sort((a, b) => a.moment! - b.moment!);
  for (const one of inOrder) {
    const { outcome, next } = answer(one.kind, state);
    const isConcurrent = one.kind === 'remove' && state !== 'present' && lastPresent >= one.start;
    outcomes.set(one, isConcurrent ? 'done' : outcome);
    if (state === 'present' && next !== 'present') lastPresent = one.moment!;
    state = next;
  }
  return attempts.map((one, process) => ({
    process,
    start: one.start,
    end: one.end,
    kind: one.kind,
    outcome: one.known ? outcomes.get(one)! : 'unknown',
  }));
}

function answer(kind: Kind, state: State): { outcome: Outcome; next: State } {
  if (state === 'gone') return { outcome: 'missing', next: 'gone' };
  if (kind === 'add') return { outcome: 'done', next: 'present' };
  if (kind === 'delete') return { outcome: 'done', next: 'gone' };
  if (kind === 'read') return { outcome: state, next: state };
  return { outcome: state === 'present' ? 'done' : 'absent', next: 'absent' };
}

/** Returns the history with one wrong answer. */
function withWrongAnswer(operations: Operation[], which: number): Operation[] {
  const candidates = operations.filter(({ kind, outcome }) => wrongOutcomes[kind]?.[outcome]);
  const chosen = candidates[which % Math.max(candidates.length, 1)];
  return operations.map((one) => (one === chosen ? { ...one, outcome: wrongOutcomes[one.kind]![one.outcome]! } : one));
}

const wrongOutcomes: Partial<Record<Kind, Partial<Record<Outcome, Outcome>>>> = {
  read: { present: 'absent', absent: 'present', missing: 'present' },
  remove: { done: 'absent', absent: 'done', missing: 'done' },
};

/** Operations with random answers, so that both verdicts are frequent. */
const anyOperation: fc.Arbitrary<Operation> = fc
  .record({
    process: fc.nat(3),
    start: fc.nat(14),
    lasts: fc.nat(7),
    answered: fc.constantFrom<[Kind, Outcome]>(
      ['add', 'done'],
      ['add', 'unknown'],
      ['add', 'refused'],
      ['add', 'missing'],
      ['remove', 'done'],
      ['remove', 'absent'],
      ['remove', 'unknown'],
      ['read', 'present'],
      ['read', 'present'],
      ['read', 'absent'],
      ['read', 'absent'],
      ['delete', 'done'],
      ['delete', 'unknown'],
    ),
  })
  .map(({ process, start, lasts, answered: [kind, outcome] }) => ({
    process,
    start,
    end: start + lasts,
    kind,
    outcome,
  }));

describe('checkPair, on random histories', () => {
  it('accepts the answers of a register', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 40, size: 'max' }), (attempts) => {
        expect(checkPair(runOnRegister(attempts)).ok).to.be.true;
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with checkPairNaively on histories with one wrong answer', () => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 2, maxLength: 8 }), fc.nat(), (attempts, which) => {
        const history = withWrongAnswer(runOnRegister(attempts), which);
        const expected = checkPairNaively(history);
        verdicts[`${expected}`]++;
        expect(checkPair(history).ok).to.equal(expected);
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(verdicts.true, verdicts.false)).to.be.above(500);
  });

  it('agrees with checkPairNaively on random answers', () => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(fc.array(anyOperation, { minLength: 2, maxLength: 7 }), (history) => {
        const expected = checkPairNaively(history);
        verdicts[`${expected}`]++;
        expect(checkPair(history).ok).to.equal(expected);
      }),
      { numRuns: 10_000 },
    );
    expect(Math.min(verdicts.true, verdicts.false)).to.be.above(1000);
  });

  it('checks 3,000 operations on one pair, hundreds of them unknown, within 30 seconds', () => {
    const many = fc.array(attempt, { minLength: 3000, maxLength: 3000, size: 'max' });
    const [attempts] = fc.sample(many, { numRuns: 1, seed: 1 });
    const spread = attempts!
      .filter(({ kind }) => kind !== 'delete')
      .map((one, i) => ({ ...one, ...shift(one, 4 * i) }));
    const start = performance.now();
    expect(checkPair(runOnRegister(spread)).ok).to.be.true;
    expect(performance.now() - start).to.be.below(30_000);
  });
});

function shift({ start, moment, end }: Attempt, by: number): Pick<Attempt, 'start' | 'moment' | 'end'> {
  return { start: start + by, moment: moment === null ? null : moment + by, end: end === null ? null : end + by };
}
