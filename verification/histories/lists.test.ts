import { expect } from 'chai';
import { coverage, type Walk } from './lists.ts';

const pairOf = (key: string) => `event ${key}`;

/**
 * A walk through the pages of an event's attendees, the nth told between 10 n and 10 n + 9: their keys apart by spaces,
 * with a `-` those that are told of without the pair.
 */
function walk(ending: 'whole' | 'broken', pages: string[]): Walk {
  const read = pages.map((page, i) => {
    const told = page.split(' ').filter(Boolean);
    const present = told.filter((key) => !key.endsWith('-'));
    const keys = told.map((key) => key.replace('-', ''));
    return { start: 10 * i, end: 10 * i + 9, keys, pairs: new Set(present.map(pairOf)) };
  });
  return { pages: read, complete: ending === 'whole', broken: undefined };
}

const present = (page: number) => ({ present: true, start: 10 * page, end: 10 * page + 9 });
const absent = (from: number, to = from) => ({ present: false, start: 10 * from, end: 10 * to + 9 });

describe('what a walk tells of the pair with key k', () => {
  const walks: [name: string, Walk, expected: ReturnType<typeof coverage>][] = [
    ['is that it is there, in the page that has it', walk('whole', ['a', 'b k', 'z']), present(1)],
    ['is that it is there, also where a later page did not come', walk('broken', ['a', 'b k']), present(1)],
    ['is that it is not, in a page that has the author without this event', walk('whole', ['a', 'b k- z']), absent(1)],
    ['is that it is not, in the page that goes past it', walk('whole', ['a', 'b z']), absent(1)],
    ['is that it is not, in one of two pages that it would be between', walk('whole', ['a', 'b', 'z']), absent(1, 2)],
    ['is that it is not, also in the empty pages between', walk('whole', ['a', '', '', 'z']), absent(0, 3)],
    ['is that it is not, before the first key', walk('whole', ['y', 'z']), absent(0)],
    ['is that it is not, in the empty pages before the first key', walk('whole', ['', '', 'z']), absent(0, 2)],
    ['is that it is not, after the last key of a whole list', walk('whole', ['a', 'b']), absent(1)],
    ['is that it is not, in the empty pages at its end', walk('whole', ['a', 'b', '', '']), absent(1, 3)],
    ['is that it is not, in an empty list', walk('whole', ['']), absent(0)],
    ['is that it is not, in one of the pages of an empty list', walk('whole', ['', '']), absent(0, 1)],
    ['is nothing after the last key that came', walk('broken', ['a', 'b']), undefined],
    ['is nothing after an empty page, where the next did not come', walk('broken', ['a', '']), undefined],
    ['is nothing where no page came', walk('broken', []), undefined],
  ];

  for (const [name, pages, expected] of walks)
    it(name, () => {
      expect(coverage(pages, 'k', pairOf('k'))).to.deep.equal(expected);
    });
});
