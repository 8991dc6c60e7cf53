import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words of the example and of its libraries. An event of the event loop, or of an emitter, is not the example's. */
const foreign =
  /\b(authors?|author_id|conferences?|event_id|attendance|koa|got|knex)\b|(?<!error )\bevent\b(?! loop|: '\w+')/i;

const src = join(import.meta.dirname, '../src');

describe('the package', () => {
  it('knows nothing of the example', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    expect(files).to.include('index.ts');
    const found = files.flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .map((line, i) => `${file}:${i + 1}: ${line.trim()}`)
        .filter((line) => foreign.test(line)),
    );
    expect(found).to.deep.equal([]);
  });
});
