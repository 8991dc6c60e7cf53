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
  it('shows lines as they are written', () => {
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

  it('has every field, kind and outcome', () => {
    const fields = rows.flatMap(([, field = '']) => [...field.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(fields).to.have.members(Object.keys(recordedOperation.shape));
    for (const name of [...kinds, ...recordedOperation.shape.outcome.options]) expect(page).to.contain(`\`${name}\``);
  });

  const operations = rows.filter(([, name = '']) => /^(any|add|remove|read|delete) /.test(name));

  it('has a row for whatever can be told', () => {
    const told = recordedOperation.shape.outcome.options.filter((outcome) => outcome !== 'refused');
    const impossible = ['add present', 'add absent', 'remove present', 'read done', 'read unknown'];
    const possible = kinds
      .flatMap((kind) => told.map((outcome) => `${kind} ${outcome}`))
      .filter((name) => !impossible.includes(name) && !/^delete (present|absent)$/.test(name));
    expect(operations.map(([, name]) => name)).to.have.members([...possible, 'any refused']);
  });

  for (const [, name = '', ...cells] of operations)
    for (const [i, from] of states.entries())
      it(`says what the checker says of ${name} where the pair is ${from}`, () => {
        const [kind = '', outcome = ''] = name.split(' ');
        const after = cells[i]!.split(', ').filter((state) => state !== '-');
        for (const one of kind === 'any' ? kinds : [kind as Kind]) {
          const operation = told(0, one, outcome as Outcome);
          const possible = states.filter((state) => checkPair([operation, ...seeing(state)], from).ok);
          expect(possible, one).to.have.members(after);
        }
      });

  for (const [kind, outcome] of [
    ['remove', 'done'],
    ['remove', 'unknown'],
    ['delete', 'done'],
    ['delete', 'unknown'],
  ] as const)
    it(`says what the checker says of removes that meet a ${kind} ${outcome}`, () => {
      const ending = told(0, kind, outcome);
      const ended = told(10, 'read', kind === 'delete' ? 'missing' : 'absent');
      const removesFrom = (start: number) => [told(start, 'remove', 'done'), told(start, 'remove', 'done')];
      expect(checkPair([ending, ...removesFrom(5)], 'present').ok, 'at its moment').to.be.true;
      expect(checkPair([ending, ended, ...removesFrom(20)], 'present').ok, 'after it').to.be.false;
      expect(checkPair([ending, ...removesFrom(5)], 'absent').ok, 'where it ends nothing').to.be.false;
    });
});

function told(start: number, kind: Kind, outcome: Outcome): Operation {
  return { process: 0, start, end: outcome === 'unknown' ? null : start + 5, kind, outcome };
}

/** What can be told in this state alone. */
function seeing(state: State): Operation[] {
  if (state === 'present') return [told(10, 'read', 'present')];
  if (state === 'gone') return [told(10, 'read', 'missing')];
  return [told(10, 'read', 'absent'), told(20, 'add', 'done')];
}
