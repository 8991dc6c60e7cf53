import { seq } from '@attendance/common/contract/entities';
import { Problem } from '@attendance/common/contract/problems';
import { cutPage, decodeCursor, encodeCursor } from '@attendance/common/http/cursor';
import { expect } from 'chai';
import { uuid } from 'many-to-many';
import { v7 } from 'uuid';

describe('cursors', () => {
  const scope = `event/${v7()}/attendance`;

  it('decode to the encoded key', () => {
    const id = v7();
    expect(decodeCursor(encodeCursor(scope, id), scope, uuid)).to.equal(id);
    expect(decodeCursor(encodeCursor(scope, 7), scope, seq)).to.equal(7);
    expect(decodeCursor(undefined, scope, uuid)).to.equal(null);
  });

  it('are short and need no encoding in a URL', () => {
    expect(encodeCursor(scope, v7())).to.match(/^[A-Za-z0-9_-]{1,100}$/);
  });

  const valid = encodeCursor(scope, v7());
  const invalid = {
    'another scope': encodeCursor('author', v7()),
    'a key of another kind': encodeCursor(scope, 1),
    'a value that is not a key': encodeCursor(scope, 'x'),
    'a cursor that is cut off': valid.slice(0, -1),
    'a cursor with a further character': `${valid}A`,
    'base64 with padding': `${valid}==`,
    'text that is not base64': 'ä',
    'text that is not JSON': Buffer.from('{').toString('base64url'),
    'JSON null': Buffer.from('null').toString('base64url'),
    'JSON that is not an array': Buffer.from('1').toString('base64url'),
    'an upper-case id': encodeCursor(scope, v7().toUpperCase()),
    'an empty text': '',
  };
  for (const [what, cursor] of Object.entries(invalid))
    it(`refuse ${what}`, () => {
      expect(() => decodeCursor(cursor, scope, uuid))
        .to.throw(Problem)
        .with.property('code', 'invalid_request');
    });

  it('are null on the last page', () => {
    const page = (rows: number[]) => cutPage(rows, { limit: 2, scope, key: (row) => row });
    expect(page([])).to.deep.equal({ items: [], next_cursor: null });
    expect(page([1, 2])).to.deep.equal({ items: [1, 2], next_cursor: null });
    expect(page([1, 2, 3])).to.deep.equal({ items: [1, 2], next_cursor: encodeCursor(scope, 2) });
  });
});
