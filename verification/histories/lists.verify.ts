import { expect } from 'chai';
import { coverage, type ListRead } from './lists.ts';

const pairOf = (key: string) => `event ${key}`;

/**
 * Creates a list of attendees whose nth page was read from 10 n to 10 n + 9. A page is written as its keys, with a `-`
 * after a key that has no pair with the event.
 */
function list(ending: 'complete' | 'failed', pages: string[]): ListRead {
  const read = pages.map((page, i) => {
    const keysOf = page.split(' ').filter(Boolean);
    const present = keysOf.filter((key) => !key.endsWith('-'));
    const keys = keysOf.map((key) => key.replace('-', ''));
    return { start: 10 * i, end: 10 * i + 9, keys, pairs: new Set(present.map(pairOf)) };
  });
  return { pages: read, complete: ending === 'complete', failed: undefined };
}

const present = (page: number) => ({ present: true, start: 10 * page, end: 10 * page + 9 });
const absent = (from: number, to = from) => ({ present: false, start: 10 * from, end: 10 * to + 9 });

describe('a list, for the pair with key k,', () => {
  const lists: [name: string, ListRead, expected: ReturnType<typeof coverage>][] = [
    ['has it in the page with its key', list('complete', ['a', 'b k', 'z']), present(1)],
    ['has it also if a later page was not answered', list('failed', ['a', 'b k']), present(1)],
    [
      'does not have it in the page that has the author without the event',
      list('complete', ['a', 'b k- z']),
      absent(1),
    ],
    ['does not have it in the page with smaller and greater keys', list('complete', ['a', 'b z']), absent(1)],
    ['does not have it in one of the two pages around the key', list('complete', ['a', 'b', 'z']), absent(1, 2)],
    [
      'does not have it in the pages around the key or the empty pages between them',
      list('complete', ['a', '', '', 'z']),
      absent(0, 3),
    ],
    ['does not have it before the first key', list('complete', ['y', 'z']), absent(0)],
    ['does not have it in the empty pages before the first key', list('complete', ['', '', 'z']), absent(0, 2)],
    ['does not have it after the last key of a complete list', list('complete', ['a', 'b']), absent(1)],
    ['does not have it in the empty pages at the end', list('complete', ['a', 'b', '', '']), absent(1, 3)],
    ['does not have it if the list is empty', list('complete', ['']), absent(0)],
    ['does not have it in any of several empty pages', list('complete', ['', '']), absent(0, 1)],
    ['is undecided after the last answered key', list('failed', ['a', 'b']), undefined],
    ['is undecided after an empty page if the next page was not answered', list('failed', ['a', '']), undefined],
    ['is undecided if no page was answered', list('failed', []), undefined],
  ];

  for (const [name, pages, expected] of lists)
    it(name, () => {
      expect(coverage(pages, 'k', pairOf('k'))).to.deep.equal(expected);
    });
});
