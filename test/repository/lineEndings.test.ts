import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');
const [define, reason] = existsSync(join(root, '.git'))
  ? [describe, '']
  : [describe.skip, ' [skipped: this folder is not a git repository]'];

define(`a clone with core.autocrlf=true${reason}`, () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'attendance-clone-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('has no carriage return in any file', () => {
    // the repository may belong to another user
    const config = join(folder, 'gitconfig');
    writeFileSync(config, '[safe]\n  directory = *\n[core]\n  autocrlf = true\n');
    const env = { ...process.env, GIT_CONFIG_GLOBAL: config };
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', env });
    const clone = join(folder, 'clone');
    git('clone', '--quiet', root, clone);
    const files = git('-C', clone, 'ls-files', '-z').split('\0').filter(Boolean);
    expect(files).to.include('Makefile');
    expect(files.filter((file) => readFileSync(join(clone, file)).includes('\r'))).to.deep.equal([]);
  });
});
