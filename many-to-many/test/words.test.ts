import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words of the example and of its libraries. An error message may contain `(got 9)`. */
const exampleWords = /\b(authors?|author_id|conferences?|event_id|attendance|koa|knex)\b|(?<!\()\bgot\b/i;
/** The event of the example, but not of the event loop, an emitter or the simulator. */
const exampleEvent = /(?<!error )\bevent\b(?! loop|: '\w+')/i;
const hasExampleWord = (file: string, line: string) =>
  exampleWords.test(line) || (!file.startsWith('testing/') && exampleEvent.test(line));

const src = join(import.meta.dirname, '../src');

describe('the package', () => {
  it('uses no words of the example', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    expect(files).to.include('index.ts');
    const found = files.flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .flatMap((line, i) => (hasExampleWord(file, line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(found).to.deep.equal([]);
  });
});
