import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');
const ignoredFolders = new Set(['node_modules', 'dist', 'coverage']);

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ignoredFolders.has(entry.name) || entry.name.startsWith('.') ? [] : sourcesIn(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Returns the files that a file imports, also for types. `tsc -b` rejects cycles between workspaces. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => join(dirname(file), fileName));
}

/** Returns the files of an import cycle; null if there is none. */
function findCycle(imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const finished = new Set<string>();
  const visit = (file: string, path: string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return null;
    for (const imported of imports.get(file) ?? []) {
      const cycle = visit(imported, [...path, file]);
      if (cycle) return cycle;
    }
    finished.add(file);
    return null;
  };
  for (const file of imports.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return null;
}

describe('imports', () => {
  it('form no cycle', () => {
    const imports = new Map(sourcesIn(root).map((file) => [file, importsOf(file)]));
    expect([...imports.values()].flat().filter((file) => !imports.has(file) && file.endsWith('.ts'))).to.deep.equal([]);
    expect(findCycle(imports)?.map((file) => relative(root, file)) ?? null).to.equal(null);
  });

  it('of a cycle are found', () => {
    const cycle = findCycle(
      new Map([
        ['a', ['b']],
        ['b', ['c', 'd']],
        ['c', []],
        ['d', ['b']],
      ]),
    );
    expect(cycle).to.deep.equal(['b', 'd', 'b']);
  });
});
