import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { installPackage, type Installed } from './install.ts';

describe('the packed package', function () {
  let installed: Installed;
  const unpacked = () => join(installed.folder, 'node_modules/many-to-many');

  before(async () => {
    installed = await installPackage(['zod', 'pg', '@types/pg', '@types/node']);
  });
  after(() => installed.remove());

  it('has exactly the files that a user needs', () => {
    const others = installed.files.filter((file) => !/^(dist|src)\//.test(file));
    expect(others).to.include.members(['LICENSE', 'README.md', 'package.json']);
    expect(others.filter((file) => !/^(LICENSE|README\.md|GLOSSARY\.md|package\.json)$/.test(file))).to.be.empty;
    expect(installed.files.filter((file) => /\.tsbuildinfo$|\.test\./.test(file))).to.be.empty;
  });

  it('has the same license as the repository', () => {
    const license = (folder: string | URL) => readFileSync(folder, 'utf8');
    expect(license(join(unpacked(), 'LICENSE'))).to.equal(license(new URL('../../LICENSE', import.meta.url)));
  });

  it('depends on zod alone', () => {
    const manifest = JSON.parse(readFileSync(join(unpacked(), 'package.json'), 'utf8')) as Record<string, object>;
    expect(Object.keys(manifest.dependencies!)).to.deep.equal(['zod']);
    expect(manifest).to.not.have.any.keys('peerDependencies', 'optionalDependencies', 'bundleDependencies');
  });

  it('has the source of each source map', () => {
    const maps = installed.files.filter((file) => file.endsWith('.map'));
    expect(maps).to.not.be.empty;
    for (const map of maps) {
      const { sources } = JSON.parse(readFileSync(join(unpacked(), map), 'utf8')) as { sources: string[] };
      for (const source of sources) expect(existsSync(join(unpacked(), map, '..', source)), source).to.equal(true);
    }
  });

  for (const condition of ['default', 'source', 'browser', 'development'])
    it(`can be imported with the condition ${condition}`, async () => {
      const manifest = JSON.parse(readFileSync(join(unpacked(), 'package.json'), 'utf8')) as { exports: object };
      const names = Object.keys(manifest.exports).map((path) => path.replace('.', 'many-to-many'));
      expect(names).to.include.members(['many-to-many', 'many-to-many/copy']);
      const script = names.map((name) => `import ${JSON.stringify(name)};`).join('\n');
      const args = [`--conditions=${condition}`, '--input-type=module', '--eval', script];
      await promisify(execFile)(process.execPath, args, { cwd: installed.folder });
    });
});
