import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkPair, type State } from 'many-to-many/testing';
import {
  recordedOperation,
  recordedRun,
  toJsonLines,
  type Kind,
  type Operation,
  type Outcome,
} from '../support/history.ts';

const page = readFileSync(new URL('../../docs/history-format.md', import.meta.url), 'utf8');
const states: State[] = ['absent', 'present', 'gone'];
const kinds = recordedOperation.shape.kind.options;

const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/history-format.md', () => {
  it('shows the lines that toJsonLines writes', () => {
    const [run, operation] = [...page.matchAll(/```json\n(.*)\n```/g)].map(
      ([, line = '']) => JSON.parse(line) as unknown,
    );
    const written = toJsonLines([recordedOperation.parse(operation)], recordedRun.parse(run));
    expect(
      written
        .trim()
        .split('\n')
        .map((line) => page.includes(`\n${line}\n`)),
    ).to.deep.equal([true, true]);
  });

  it('lists every field, kind and outcome', () => {
    const fields = rows.flatMap(([, field = '']) => [...field.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(fields).to.have.members(Object.keys(recordedOperation.shape));
    for (const name of [...kinds, ...recordedOperation.shape.outcome.options]) expect(page).to.contain(`\`${name}\``);
  });

  const operations = rows.filter(([, name = '']) => /^(any|add|remove|read|delete) /.test(name));

  it('has a row for each possible kind and outcome', () => {
    const others = recordedOperation.shape.outcome.options.filter((outcome) => outcome !== 'refused');
    const impossible = ['add present', 'add absent', 'remove present', 'read done', 'read unknown'];
    const possible = kinds
      .flatMap((kind) => others.map((outcome) => `${kind} ${outcome}`))
      .filter((name) => !impossible.includes(name) && !/^delete (present|absent)$/.test(name));
    expect(operations.map(([, name]) => name)).to.have.members([...possible, 'any refused']);
  });

  for (const [, name = '', ...cells] of operations)
    for (const [i, from] of states.entries())
      it(`agrees with checkPair on ${name} if the pair is ${from}`, () => {
        const [kind = '', outcome = ''] = name.split(' ');
        const after = cells[i]!.split(', ').filter((state) => state !== '-');
        for (const one of kind === 'any' ? kinds : [kind as Kind]) {
          const operation = operationAt(0, one, outcome as Outcome);
          const possible = states.filter((state) => checkPair([operation, ...readsOf(state)], from).ok);
          expect(possible, one).to.have.members(after);
        }
      });

  for (const [kind, outcome] of [
    ['remove', 'done'],
    ['remove', 'unknown'],
    ['delete', 'done'],
    ['delete', 'unknown'],
  ] as const)
    it(`agrees with checkPair on removes concurrent with a ${kind} ${outcome}`, () => {
      const ending = operationAt(0, kind, outcome);
      const ended = operationAt(10, 'read', kind === 'delete' ? 'missing' : 'absent');
      const removesFrom = (start: number) => [
        operationAt(start, 'remove', 'done'),
        operationAt(start, 'remove', 'done'),
      ];
      expect(checkPair([ending, ...removesFrom(5)], 'present').ok, 'concurrent').to.be.true;
      expect(checkPair([ending, ended, ...removesFrom(20)], 'present').ok, 'after it').to.be.false;
      expect(checkPair([ending, ...removesFrom(5)], 'absent').ok, 'if the pair was absent').to.be.false;
    });
});

function operationAt(start: number, kind: Kind, outcome: Outcome): Operation {
  return { process: 0, start, end: outcome === 'unknown' ? null : start + 5, kind, outcome };
}

/** Returns operations that are possible in this state only. */
function readsOf(state: State): Operation[] {
  if (state === 'present') return [operationAt(10, 'read', 'present')];
  if (state === 'gone') return [operationAt(10, 'read', 'missing')];
  return [operationAt(10, 'read', 'absent'), operationAt(20, 'add', 'done')];
}
