import { expect } from 'chai';
import { readArguments, UsageError } from '../src/reconcileArguments.ts';

describe('the arguments of the reconciler by hand', () => {
  it('choose what it does', () => {
    expect(readArguments([])).to.equal('guarded');
    expect(readArguments(['--dry-run'])).to.equal('dry run');
    expect(readArguments(['--accept'])).to.equal('accept');
    expect(readArguments(['--accept', '--help'])).to.equal('help');
  });

  for (const [message, ...args] of [
    [/^--dry-run or --accept, not both$/, '--dry-run', '--accept'],
    [/option '--force'/, '--force'],
    [/'--accept' does not take/, '--accept=yes'],
    [/argument 'now'/, 'now'],
  ] as const)
    it(`are refused with one line: ${args.join(' ')}`, () => {
      expect(() => readArguments([...args]))
        .to.throw(UsageError, message)
        .with.property('message')
        .that.does.not.match(/\n/);
    });
});
