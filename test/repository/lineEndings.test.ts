import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
const [define, reason] = existsSync(join(root, '.git'))
  ? [describe, '']
  : [describe.skip, ' [skipped: this folder is not a git repository]'];

define(`a clone with core.autocrlf=true${reason}`, () => {
  let clone: string;
  before(() => (clone = mkdtempSync(join(tmpdir(), 'attendance-clone-'))));
  after(() => rmSync(clone, { recursive: true }));

  it('has no carriage return in any file', () => {
    git('clone', '--quiet', '-c', 'core.autocrlf=true', root, clone);
    const files = git('-C', clone, 'ls-files', '-z').split('\0').filter(Boolean);
    expect(files).to.include('Makefile');
    expect(files.filter((file) => readFileSync(join(clone, file)).includes('\r'))).to.deep.equal([]);
  });
});
