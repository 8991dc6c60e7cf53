import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';

const root = resolve(import.meta.dirname, '../..');

describeWith('actionlint', 'the workflow of public CI', () => {
  it('passes actionlint', () => {
    const { status, stdout, stderr } = spawnSync('actionlint', ['-color=false', '.github/workflows/ci.yml'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).to.equal(0);
  });
});
