import { expect } from 'chai';
import { explain } from './explain.ts';
import { mutate } from './mutations/mutate.ts';
import { simulate } from './simulate.ts';

/** Where an exception can come from that no promise of a client ever sees. */
const places = {
  'the callback of a timer': { from: '    dropLate();\n    while', to: '    fall();\n    while' },
  'work that nobody waits for': { from: '    calls++;\n', to: '    calls++;\n    fall();\n' },
};

describe('a history of the simulation', function () {
  this.timeout(300_000);

  for (const [place, change] of Object.entries(places))
    it(`is wrong where the protocol throws in ${place}, and told with seed and stack`, async () => {
      const code = await mutate({
        name: `throws in ${place}`,
        patches: [
          { file: 'protocol/coalesce.ts', ...change },
          {
            file: 'protocol/coalesce.ts',
            from: 'interface CoalesceOptions',
            to: "function fall(): void {\n  throw new Error('it fell over');\n}\n\ninterface CoalesceOptions",
          },
        ],
      });
      const seed = 1;
      expect((await simulate({ seed, code })).faults.join('\n')).to.match(/it fell over\n +at fall .*coalesce\.ts/);
      const text = await explain({ seed, code }, 'how to repeat it');
      expect(text).to.match(/^Seed 1 fails: /);
      expect(text).to.include('Repeat it with: how to repeat it');
      expect(text.slice(text.indexOf('The smallest'))).to.include('it fell over');
    });

  it('ends, and is wrong, where an operation never does', async () => {
    const code = await mutate({
      name: 'never answers',
      patches: [
        {
          file: 'protocol/add.ts',
          from: 'const decision = await add.answer;',
          to: 'const decision = await new Promise<never>(() => undefined);',
        },
      ],
    });
    const { plan } = await simulate({ seed: 1 });
    const clients = [[{ pause: 0, gateway: 0, do: 'add', event: 0, author: 0 } as const]];
    for (const reconcilersRun of [false, true])
      expect((await simulate({ seed: 1, code, plan: { ...plan, clients, reconcilersRun } })).faults).to.include(
        'an operation was never answered',
      );
  });

  it('leaves rejections to whoever heard of them before', async () => {
    const before = process.listeners('unhandledRejection');
    await simulate({ seed: 1 });
    expect(process.listeners('unhandledRejection')).to.deep.equal(before);
  });
});
