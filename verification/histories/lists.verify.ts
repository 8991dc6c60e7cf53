import { expect } from 'chai';
import { coverage, type ListRead } from './lists.ts';

const pairOf = (key: string) => `event ${key}`;

/**
 * The pages of an event's attendees, the nth read between 10 n and 10 n + 9. A page is written as its keys with spaces
 * between them; a `-` follows the keys that are there without the pair.
 */
function list(ending: 'whole' | 'broken', pages: string[]): ListRead {
  const read = pages.map((page, i) => {
    const keysOf = page.split(' ').filter(Boolean);
    const present = keysOf.filter((key) => !key.endsWith('-'));
    const keys = keysOf.map((key) => key.replace('-', ''));
    return { start: 10 * i, end: 10 * i + 9, keys, pairs: new Set(present.map(pairOf)) };
  });
  return { pages: read, complete: ending === 'whole', broken: undefined };
}

const present = (page: number) => ({ present: true, start: 10 * page, end: 10 * page + 9 });
const absent = (from: number, to = from) => ({ present: false, start: 10 * from, end: 10 * to + 9 });

describe('a list that was read, for the pair with key k,', () => {
  const lists: [name: string, ListRead, expected: ReturnType<typeof coverage>][] = [
    ['has it, in the page that has it', list('whole', ['a', 'b k', 'z']), present(1)],
    ['has it, also if a later page was not answered', list('broken', ['a', 'b k']), present(1)],
    ['does not have it, in a page that has the author without this event', list('whole', ['a', 'b k- z']), absent(1)],
    ['does not have it, in the page that goes past it', list('whole', ['a', 'b z']), absent(1)],
    [
      'does not have it, in one of the two pages that it would be between',
      list('whole', ['a', 'b', 'z']),
      absent(1, 2),
    ],
    ['does not have it, in these or the empty pages between them', list('whole', ['a', '', '', 'z']), absent(0, 3)],
    ['does not have it, before the first key', list('whole', ['y', 'z']), absent(0)],
    ['does not have it, in the empty pages before the first key', list('whole', ['', '', 'z']), absent(0, 2)],
    ['does not have it, after the last key of a whole list', list('whole', ['a', 'b']), absent(1)],
    ['does not have it, in the empty pages at its end', list('whole', ['a', 'b', '', '']), absent(1, 3)],
    ['does not have it, if it is empty', list('whole', ['']), absent(0)],
    ['does not have it, in one of its empty pages', list('whole', ['', '']), absent(0, 1)],
    ['says nothing after the last key that was answered', list('broken', ['a', 'b']), undefined],
    ['says nothing after an empty page if the next was not answered', list('broken', ['a', '']), undefined],
    ['says nothing if no page was answered', list('broken', []), undefined],
  ];

  for (const [name, pages, expected] of lists)
    it(name, () => {
      expect(coverage(pages, 'k', pairOf('k'))).to.deep.equal(expected);
    });
});
