import { expect } from 'chai';
import type { Kind, Operation, Outcome } from '../../src/testing/history/operation.ts';
import { checkPair, drawHistory } from '../../src/testing/index.ts';
import { checkPairNaively } from './naive.ts';

/** Parses `process start-end kind outcome`, without the end if there was no answer. */
function parse(line: string): Operation {
  const [process = '', interval = '', kind, outcome] = line.split(' ');
  const [start = '', end = ''] = interval.split('-');
  return {
    process: Number(process),
    start: Number(start),
    end: end === '' ? null : Number(end),
    kind: kind as Kind,
    outcome: outcome as Outcome,
  };
}

const linearizable: Record<string, string[]> = {
  'no operations': [],
  'sequential operations': [
    '1 0-1 read absent',
    '1 2-3 add done',
    '1 4-5 read present',
    '1 6-7 remove done',
    '1 8-9 read absent',
    '1 10-11 remove absent',
  ],
  'reads concurrent with an add': ['1 0-10 add done', '2 1-2 read absent', '3 3-4 read present'],
  'a repeated add of a present pair': ['1 0-1 add done', '2 2-3 add done', '1 4-5 read present'],
  'a concurrent remove and add, the add last': [
    '1 0-1 add done',
    '1 2-6 remove done',
    '2 3-5 add done',
    '3 7-8 read present',
  ],
  'a concurrent remove and add, the remove last': [
    '1 0-1 add done',
    '1 2-6 remove done',
    '2 3-5 add done',
    '3 7-8 read absent',
  ],
  'two concurrent removes': ['1 0-1 add done', '1 2-5 remove done', '2 3-6 remove done', '1 7-8 read absent'],
  'three concurrent removes, and a concurrent add': [
    '1 0-1 add done',
    '1 2-3 remove done',
    '2 2-9 remove done',
    '3 3-4 remove done',
    '4 4-5 add done',
    '1 6-7 read present',
  ],
  'a remove after an unknown remove, which takes effect during it': [
    '1 0-1 add done',
    '1 2-3 remove unknown',
    '2 4-7 read present',
    '3 4-8 remove done',
    '2 9-10 read absent',
  ],
  'a remove concurrent with a deletion': [
    '1 0-1 add done',
    '1 2-5 remove done',
    '2 3-6 delete done',
    '3 3-4 read present',
    '1 7-8 remove missing',
  ],
  'a remove that begins at the end of another': ['1 0-1 add done', '1 2-3 remove done', '2 3-4 remove done'],
  'a remove concurrent with a remove and a later add': [
    '1 0-1 add done',
    '1 2-9 remove done',
    '2 3-4 remove done',
    '2 5-6 add done',
    '2 7-8 read present',
    '2 10-11 read present',
  ],
  'two removes, each concurrent with an add that takes effect after it': [
    '1 0-1 add done',
    '1 2-5 remove done',
    '2 2-3 add done',
    '1 6-9 remove done',
    '2 6-9 add done',
    '1 10-11 read present',
  ],
  'a remove after an unknown add': ['1 0-1 add unknown', '2 2-3 remove done', '2 4-5 remove absent'],
  'the deletion of both entities': ['1 0-1 add done', '1 2-3 delete done', '2 4-5 delete done', '1 6-7 delete missing'],
  'an unknown add that never takes effect': ['1 0-1 add unknown', '2 2-3 read absent', '2 4-5 remove absent'],
  'an unknown add that takes effect': ['1 0-1 add unknown', '2 2-3 read present', '2 4-5 read present'],
  'an unknown add that takes effect long after its answer': [
    '1 0-1 add unknown',
    '2 2-3 read absent',
    '2 90-91 read present',
  ],
  'an unknown add that takes effect after a remove': [
    '1 0-1 add done',
    '2 2-3 add unknown',
    '1 4-5 remove done',
    '1 6-7 read absent',
    '1 8-9 read present',
  ],
  'an add without an answer': ['1 0- add unknown', '2 50-51 read present'],
  'an unknown add that must take effect at the end': [
    '1 0-0 add done',
    '1 1-1 remove done',
    '2 1-1 add unknown',
    '3 1-2 remove done',
    '1 2-3 add done',
    '2 3-4 read present',
    '3 4-4 read absent',
  ],
  'an unknown remove that takes effect late': [
    '1 0-1 add done',
    '1 2-3 remove unknown',
    '2 4-5 read present',
    '2 6-7 read absent',
  ],
  'an unknown remove that never takes effect': ['1 0-1 add done', '1 2- remove unknown', '2 4-5 read present'],
  'a refused add and a refused read': ['1 0-1 add refused', '2 2-3 read refused', '2 4-5 read absent'],
  'two concurrent readers of a running add': [
    '1 0-20 add done',
    '2 1-9 read absent',
    '3 2-8 read present',
    '2 10-11 read present',
  ],
  'a remove that takes effect before an add that ends earlier': [
    '1 0-1 add done',
    '1 2-9 remove done',
    '2 3-5 add done',
    '3 10-11 read present',
  ],
  'a deletion, and operations during and after it': [
    '1 0-1 add done',
    '2 2-6 delete done',
    '1 3-4 read present',
    '1 5-8 add missing',
    '1 9-10 read absent',
    '1 11-12 read missing',
  ],
  'an add before a concurrent deletion': ['1 0-9 add done', '2 1-5 delete done', '3 6-7 read missing'],
  'an unknown deletion that takes effect': [
    '1 0-1 delete unknown',
    '2 2-3 add done',
    '2 4-5 add missing',
    '2 6-7 delete missing',
  ],
};

const notLinearizable: Record<string, string[]> = {
  'an acknowledged add is lost': ['1 0-1 add done', '2 2-3 read absent'],
  'a refused add is visible': ['1 0-1 add refused', '2 2-3 read present'],
  'an add answered 404 is visible later': ['1 0-1 add missing', '2 2-3 read present'],
  'an add answered 404 although its entities exist': ['1 0-1 add missing', '2 2-3 add done'],
  'a pair comes back after its remove': [
    '1 0-1 add done',
    '1 2-3 remove done',
    '2 4-5 read absent',
    '2 6-7 read present',
  ],
  'a removed pair is still read': ['1 0-1 add done', '1 2-3 remove done', '2 4-5 read present'],
  'a pair appears, disappears and appears during one add': [
    '1 0-20 add done',
    '2 1-2 read present',
    '3 3-4 read absent',
    '2 5-6 read present',
  ],
  'a stale read after a newer read': ['1 0-20 add done', '2 1-2 read present', '3 3-4 read absent'],
  'a read sees a later add': ['1 0-1 read present', '2 2-3 add done'],
  'one unknown add explains two appearances': [
    '1 0-1 add unknown',
    '2 2-3 read present',
    '2 4-5 remove done',
    '2 6-7 read absent',
    '2 8-9 read present',
  ],
  'one unknown remove explains two disappearances': [
    '1 0-1 add done',
    '1 2-3 remove unknown',
    '2 4-5 read absent',
    '2 6-7 add done',
    '2 8-9 read absent',
  ],
  'a read sees an unknown add before its start': ['2 0-1 read present', '1 2-3 add unknown'],
  'a remove does not find an acknowledged add': ['1 0-1 add done', '2 2-3 remove absent'],
  'a refused second add removes the pair': ['1 0-1 add done', '2 2-3 add refused', '3 4-5 remove absent'],
  'a pair is absent between two reads that see it': [
    '1 0-9 add unknown',
    '2 1-2 read present',
    '3 3-4 read absent',
    '2 5-6 read present',
  ],
  'a read of absent during a read of present': [
    '1 0-1 add done',
    '2 2-9 read present',
    '3 3-4 read absent',
    '2 10-11 read present',
  ],
  'a remove of a pair that was never added': ['1 0-1 remove done'],
  'a remove after a refused add only': ['1 0-1 add refused', '2 2-3 remove done'],
  'a remove of an absent pair that is added later': ['1 0-1 read absent', '2 2-3 remove done', '1 4-5 add done'],
  'a remove of a pair that was removed earlier': [
    '1 0-1 add done',
    '1 2-3 remove done',
    '2 4-5 remove done',
    '1 6-7 read absent',
  ],
  'a remove during an add, and the pair stays': ['1 0-9 add done', '2 1-8 remove done', '1 10-11 read present'],
  'two sequential removes during one add': ['1 0-9 add done', '2 1-2 remove done', '2 3-4 remove done'],
  'a remove after a deletion': ['1 0-1 add done', '2 2-3 delete done', '1 4-5 remove done'],
  'a remove concurrent with the deletion of an absent pair': [
    '1 0-1 read absent',
    '1 2-5 remove done',
    '2 3-6 delete done',
  ],
  'a pair is present after a deletion': ['1 0-1 add done', '2 2-3 delete done', '1 4-5 read present'],
  'an add after a deletion': ['2 0-1 delete done', '1 2-3 add done'],
  'an add after a missing entity': ['1 0-1 read missing', '2 2-3 add done'],
  'a missing entity without a deletion': ['1 0-1 add done', '2 2-3 read missing'],
};

describe('checkPair', () => {
  for (const [name, lines] of Object.entries(linearizable))
    it(`accepts: ${name}`, () => {
      const history = lines.map(parse);
      expect(checkPairNaively(history), 'checkPairNaively').to.be.true;
      expect(checkPair(history)).to.deep.equal({ ok: true });
    });

  for (const [name, lines] of Object.entries(notLinearizable))
    it(`rejects: ${name}`, () => {
      const history = lines.map(parse);
      expect(checkPairNaively(history), 'checkPairNaively').to.be.false;
      expect(checkPair(history).ok).to.be.false;
    });

  it('ignores the order of the operations in the array', () => {
    for (const lines of Object.values(linearizable)) expect(checkPair(lines.map(parse).reverse()).ok).to.be.true;
    for (const lines of Object.values(notLinearizable)) expect(checkPair(lines.map(parse).reverse()).ok).to.be.false;
  });

  it('starts from the given state', () => {
    expect(checkPair([parse('1 0-1 read present')], 'present').ok).to.be.true;
    expect(checkPair([parse('1 0-1 add missing')], 'gone').ok).to.be.true;
  });

  it('returns the operation that is not linearizable, and the operations that began before its end', () => {
    const history = ['1 0-1 add done', '2 2-5 read absent', '1 4-9 remove absent', '1 10-11 add done'].map(parse);
    const verdict = checkPair([...history.slice(0, 1), ...history.slice(1)]);
    expect(verdict.ok).to.be.false;
    if (verdict.ok) return;
    expect(verdict.failed).to.equal(history[1]);
    expect(verdict.prefix).to.deep.equal(history.slice(0, 3));
    expect(verdict.explanation).to.equal('process 2: no order explains read absent between 2 and 5');
  });
});

describe('drawHistory', () => {
  it('draws a line for each process, and further lines for overlapping operations of a process', () => {
    const history = [
      '1 0-4 add done',
      '2 1-2 read absent',
      '2 5- remove unknown',
      '3 3-6 read present',
      '3 4-7 read absent',
    ];
    const operations = history.map(parse);
    expect(`\n${drawHistory(operations, operations[4])}`).to.equal(`
1  |add done------|
2   |read absent|  |remove unknown>
3                |read present|
3                 |!read absent|`);
  });
});
