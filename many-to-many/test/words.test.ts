import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words of the example and of its libraries. An error message may say `(got 9)`. */
const foreign = /\b(authors?|author_id|conferences?|event_id|attendance|koa|knex)\b|(?<!\()\bgot\b/i;
/** An event of the event loop, or of an emitter, is not the example's; neither are those of the simulator. */
const foreignEvent = /(?<!error )\bevent\b(?! loop|: '\w+')/i;
const isForeign = (file: string, line: string) =>
  foreign.test(line) || (!file.startsWith('testing/') && foreignEvent.test(line));

const src = join(import.meta.dirname, '../src');

describe('the package', () => {
  it('knows nothing of the example', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    expect(files).to.include('index.ts');
    const found = files.flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .flatMap((line, i) => (isForeign(file, line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(found).to.deep.equal([]);
  });
});
