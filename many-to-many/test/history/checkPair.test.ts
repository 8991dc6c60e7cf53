import { expect } from 'chai';
import type { Kind, Operation, Outcome } from '../../src/testing/history/operation.ts';
import { checkPair, drawHistory } from '../../src/testing/index.ts';
import { checkPairNaively } from './naive.ts';

/** `process start-end kind outcome`, the end left out where no answer came. */
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

const good: Record<string, string[]> = {
  'nothing at all': [],
  'one after the other': [
    '1 0-1 read absent',
    '1 2-3 add done',
    '1 4-5 read present',
    '1 6-7 remove done',
    '1 8-9 read absent',
    '1 10-11 remove absent',
  ],
  'a read beside an add sees it or not': ['1 0-10 add done', '2 1-2 read absent', '3 3-4 read present'],
  'an add that was repeated while it is there': ['1 0-1 add done', '2 2-3 add done', '1 4-5 read present'],
  'a remove and an add at once, the add last': [
    '1 0-1 add done',
    '1 2-6 remove done',
    '2 3-5 add done',
    '3 7-8 read present',
  ],
  'a remove and an add at once, the remove last': [
    '1 0-1 add done',
    '1 2-6 remove done',
    '2 3-5 add done',
    '3 7-8 read absent',
  ],
  'two removes that meet': ['1 0-1 add done', '1 2-5 remove done', '2 3-6 remove done', '1 7-8 read absent'],
  'three removes that meet at one moment, beside another add': [
    '1 0-1 add done',
    '1 2-3 remove done',
    '2 2-9 remove done',
    '3 3-4 remove done',
    '4 4-5 add done',
    '1 6-7 read present',
  ],
  'a remove that meets an unknown one': [
    '1 0-1 add done',
    '1 2-3 remove unknown',
    '2 4-7 read present',
    '3 4-8 remove done',
    '2 9-10 read absent',
  ],
  'a remove that meets a deletion': [
    '1 0-1 add done',
    '1 2-5 remove done',
    '2 3-6 delete done',
    '3 3-4 read present',
    '1 7-8 remove missing',
  ],
  'a remove that ends where another begins': ['1 0-1 add done', '1 2-3 remove done', '2 3-4 remove done'],
  'a remove of what is there again before it ends': [
    '1 0-1 add done',
    '1 2-9 remove done',
    '2 3-4 remove done',
    '2 5-6 add done',
    '2 7-8 read present',
    '2 10-11 read present',
  ],
  'two removes, and beside each an add that comes after it': [
    '1 0-1 add done',
    '1 2-5 remove done',
    '2 2-3 add done',
    '1 6-9 remove done',
    '2 6-9 add done',
    '1 10-11 read present',
  ],
  'a remove that removes an unknown add': ['1 0-1 add unknown', '2 2-3 remove done', '2 4-5 remove absent'],
  'both deletions of a pair': ['1 0-1 add done', '1 2-3 delete done', '2 4-5 delete done', '1 6-7 delete missing'],
  'an unknown add that never happened': ['1 0-1 add unknown', '2 2-3 read absent', '2 4-5 remove absent'],
  'an unknown add that happened': ['1 0-1 add unknown', '2 2-3 read present', '2 4-5 read present'],
  'an unknown add that lands long after its answer': ['1 0-1 add unknown', '2 2-3 read absent', '2 90-91 read present'],
  'an unknown add that lands after a remove': [
    '1 0-1 add done',
    '2 2-3 add unknown',
    '1 4-5 remove done',
    '1 6-7 read absent',
    '1 8-9 read present',
  ],
  'an add without an answer': ['1 0- add unknown', '2 50-51 read present'],
  'an unknown add that is spared for the end': [
    '1 0-0 add done',
    '1 1-1 remove done',
    '2 1-1 add unknown',
    '3 1-2 remove done',
    '1 2-3 add done',
    '2 3-4 read present',
    '3 4-4 read absent',
  ],
  'an unknown remove that lands late': [
    '1 0-1 add done',
    '1 2-3 remove unknown',
    '2 4-5 read present',
    '2 6-7 read absent',
  ],
  'an unknown remove that never happened': ['1 0-1 add done', '1 2- remove unknown', '2 4-5 read present'],
  'a refused add and a read that was refused': ['1 0-1 add refused', '2 2-3 read refused', '2 4-5 read absent'],
  'two readers at once that see an add at different times': [
    '1 0-20 add done',
    '2 1-9 read absent',
    '3 2-8 read present',
    '2 10-11 read present',
  ],
  'a remove that happened before the add that ended before it': [
    '1 0-1 add done',
    '1 2-9 remove done',
    '2 3-5 add done',
    '3 10-11 read present',
  ],
  'an event that is deleted under its attendance': [
    '1 0-1 add done',
    '2 2-6 delete done',
    '1 3-4 read present',
    '1 5-8 add missing',
    '1 9-10 read absent',
    '1 11-12 read missing',
  ],
  'an add that was in time for a deletion': ['1 0-9 add done', '2 1-5 delete done', '3 6-7 read missing'],
  'an unknown deletion that happened': [
    '1 0-1 delete unknown',
    '2 2-3 add done',
    '2 4-5 add missing',
    '2 6-7 delete missing',
  ],
};

const bad: Record<string, string[]> = {
  'an acknowledged add is lost': ['1 0-1 add done', '2 2-3 read absent'],
  'a refused add is visible': ['1 0-1 add refused', '2 2-3 read present'],
  'an add answered 404 is visible later': ['1 0-1 add missing', '2 2-3 read present'],
  'an add answered 404 although its entities are there': ['1 0-1 add missing', '2 2-3 add done'],
  'a pair comes back after its remove': [
    '1 0-1 add done',
    '1 2-3 remove done',
    '2 4-5 read absent',
    '2 6-7 read present',
  ],
  'a removed pair is still read': ['1 0-1 add done', '1 2-3 remove done', '2 4-5 read present'],
  'two reads flip-flop beside one add': [
    '1 0-20 add done',
    '2 1-2 read present',
    '3 3-4 read absent',
    '2 5-6 read present',
  ],
  'a stale read after a new one': ['1 0-20 add done', '2 1-2 read present', '3 3-4 read absent'],
  'a read from before its add': ['1 0-1 read present', '2 2-3 add done'],
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
  'an unknown add is seen before it began': ['2 0-1 read present', '1 2-3 add unknown'],
  'a remove finds nothing of an acknowledged add': ['1 0-1 add done', '2 2-3 remove absent'],
  'a duplicate that failed took the pair with it': ['1 0-1 add done', '2 2-3 add refused', '3 4-5 remove absent'],
  'one direction shows it and the other does not': [
    '1 0-9 add unknown',
    '2 1-2 read present',
    '3 3-4 read absent',
    '2 5-6 read present',
  ],
  'a read between two others, which agree': [
    '1 0-1 add done',
    '2 2-9 read present',
    '3 3-4 read absent',
    '2 10-11 read present',
  ],
  'a remove says done of what was never there': ['1 0-1 remove done'],
  'a remove says done of what nobody but a refused add wanted': ['1 0-1 add refused', '2 2-3 remove done'],
  'a remove says done of what was absent before it, and is added after it': [
    '1 0-1 read absent',
    '2 2-3 remove done',
    '1 4-5 add done',
  ],
  'a remove says done of what another has removed': [
    '1 0-1 add done',
    '1 2-3 remove done',
    '2 4-5 remove done',
    '1 6-7 read absent',
  ],
  'a remove says done beside an add that stays': ['1 0-9 add done', '2 1-8 remove done', '1 10-11 read present'],
  'two removes say done that do not meet, and only one add is between': [
    '1 0-9 add done',
    '2 1-2 remove done',
    '2 3-4 remove done',
  ],
  'a remove says done of what is gone since before': ['1 0-1 add done', '2 2-3 delete done', '1 4-5 remove done'],
  'a remove meets the deletion of what was absent by then': [
    '1 0-1 read absent',
    '1 2-5 remove done',
    '2 3-6 delete done',
  ],
  'an attendance outlives its event': ['1 0-1 add done', '2 2-3 delete done', '1 4-5 read present'],
  'an add to an event that was deleted': ['2 0-1 delete done', '1 2-3 add done'],
  'a deleted event is there again': ['1 0-1 read missing', '2 2-3 add done'],
  'an event is missing that nobody deleted': ['1 0-1 add done', '2 2-3 read missing'],
};

describe('checkPair', () => {
  for (const [name, lines] of Object.entries(good))
    it(`accepts: ${name}`, () => {
      const history = lines.map(parse);
      expect(checkPairNaively(history), 'by trying every order').to.be.true;
      expect(checkPair(history)).to.deep.equal({ ok: true });
    });

  for (const [name, lines] of Object.entries(bad))
    it(`rejects: ${name}`, () => {
      const history = lines.map(parse);
      expect(checkPairNaively(history), 'by trying every order').to.be.false;
      expect(checkPair(history).ok).to.be.false;
    });

  it('takes the order of the lines for nothing', () => {
    for (const lines of Object.values(good)) expect(checkPair(lines.map(parse).reverse()).ok).to.be.true;
    for (const lines of Object.values(bad)) expect(checkPair(lines.map(parse).reverse()).ok).to.be.false;
  });

  it('starts from the state it is told', () => {
    expect(checkPair([parse('1 0-1 read present')], 'present').ok).to.be.true;
    expect(checkPair([parse('1 0-1 add missing')], 'gone').ok).to.be.true;
  });

  it('names the operation that no order explains, and what had begun before its end', () => {
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
  it('draws a line for each process, and what overlaps in one on a line of its own', () => {
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
