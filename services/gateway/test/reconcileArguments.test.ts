import { expect } from 'chai';
import { readArguments, UsageError } from '../src/reconcileArguments.ts';

describe('the arguments of the command reconcile', () => {
  it('select the mode', () => {
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
    it(`are refused with a message of one line: ${args.join(' ')}`, () => {
      expect(() => readArguments([...args]))
        .to.throw(UsageError, message)
        .with.property('message')
        .that.does.not.match(/\n/);
    });
});
