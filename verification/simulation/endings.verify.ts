import { expect } from 'chai';
import { simulateAttendance } from './attendance.ts';
import { mutate } from './mutations/mutate.ts';

/** Places where an exception does not reach the promise of a client. */
const places = {
  'the callback of a timer': { from: '    dropLate();\n    while', to: '    fall();\n    while' },
  'work in the background': { from: '    calls++;\n', to: '    calls++;\n    fall();\n' },
};

describe('a history of the simulation', function () {
  this.timeout(300_000);

  for (const [place, change] of Object.entries(places))
    it(`fails with its seed and a stack if the protocol throws in ${place}`, async () => {
      const { simulateAttendance, explainAttendance } = await mutate({
        name: `throws in ${place}`,
        patches: [
          { file: 'many-to-many/src/gateway/coalesce.ts', ...change },
          {
            file: 'many-to-many/src/gateway/coalesce.ts',
            from: 'export interface Coalescing',
            to: "function fall(): void {\n  throw new Error('it fell over');\n}\n\nexport interface Coalescing",
          },
        ],
      });
      const seed = 1;
      expect((await simulateAttendance({ seed })).faults.join('\n')).to.match(/it fell over\n +at fall .*coalesce\.ts/);
      const text = await explainAttendance({ seed }, 'how to repeat it');
      expect(text).to.match(/^Seed 1 fails: /);
      expect(text).to.include('Repeat it with: how to repeat it');
      expect(text.slice(text.indexOf('The smallest'))).to.include('it fell over');
    });

  it('fails if an operation never ends', async () => {
    const mutant = await mutate({
      name: 'never answers',
      patches: [
        {
          file: 'many-to-many/src/gateway/add.ts',
          from: 'const added = await add.answer;',
          to: 'const added = await new Promise<never>(() => undefined);',
        },
      ],
    });
    const { plan } = await simulateAttendance({ seed: 1 });
    const clients = [[{ pause: 0, gateway: 0, do: 'add', left: 0, right: 0 } as const]];
    for (const reconcilersRun of [false, true])
      expect(
        (await mutant.simulateAttendance({ seed: 1, plan: { ...plan, clients, reconcilersRun } })).faults,
      ).to.include('an operation was never answered');
  });

  it('restores the listeners of unhandledRejection', async () => {
    const before = process.listeners('unhandledRejection');
    await simulateAttendance({ seed: 1 });
    expect(process.listeners('unhandledRejection')).to.deep.equal(before);
  });
});
