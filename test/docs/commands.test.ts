import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { blocksOf, documents, isCommand } from '../support/commands.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Commands that no test executes, by document and heading, and why. */
const notExecuted: Record<string, string> = {
  'README.md ## Run it': 'make test is the run of this test; verification/start starts what make start does',
  'README.md ## Run it in a cluster': 'make e2e runs all three in a cluster: test/e2e/run.sh',
};

/** The commands that tests execute, in the same form, and all of a document as `README.md `. */
function executedCommands(): string[] {
  const tests = ['test', 'verification'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  return tests
    .filter((path) => /\.(test|verify)\.ts$/.test(path))
    .flatMap((path) => [...read(path).matchAll(/\bcommandsOf\(\s*'([^']+)'(?:,\s*'([^']+)')?,?\s*\)/g)])
    .map(([, document, heading = '']) => `${document} ${heading}`);
}

describe('the commands of all documents', () => {
  const blocks = documents().flatMap((document) => blocksOf(document).map((block) => ({ document, ...block })));
  const places = [...new Set(blocks.filter(isCommand).map(({ document, heading }) => `${document} ${heading}`))];

  it('are executed by a test, or listed here with a reason why not', () => {
    const executed = executedCommands();
    const isExecuted = (place: string) =>
      executed.some((one) => one === place || (one.endsWith(' ') && place.startsWith(one)));
    expect(places.filter((place) => !isExecuted(place))).to.have.members(Object.keys(notExecuted));
  });

  it('are marked as commands', () => {
    const command = /^ *(?:\$ |sudo |(?:curl|docker|git|helm|kind|kubectl|make|node|npm|npx|psql|skaffold) )/m;
    const unmarked = blocks.filter(({ language, text }) => language === '' && command.test(text));
    expect(unmarked.map(({ document, heading }) => `${document} ${heading}`)).to.deep.equal([]);
  });

  it('name scripts of package.json and targets of the Makefile', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const targets = [...read('Makefile').matchAll(/^([a-z0-9 ]+):/gm)].flatMap(([, names]) => names!.split(' '));
    const unknown = documents().flatMap((document) => {
      const text = read(document);
      const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);
      return [
        ...named(/\bnpm run ([\w:]+)/g).filter((name) => !(name in scripts)),
        ...named(/(?:`|^)make ([a-z0-9]+)/gm).filter((name) => !targets.includes(name)),
      ].map((name) => `${document}: ${name}`);
    });
    expect(unknown).to.deep.equal([]);
  });
});
