import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { judgeInTheEnd } from './ending.ts';
import { readOptions } from './options.ts';

const read = (line: string) => readOptions(line.split(' ').filter(Boolean), { history: 'history.jsonl' });

describe('the options of npm run chaos', () => {
  it('make a run of two minutes unless told otherwise', () => {
    const { seed, ...others } = read('');
    const usual = { gateways: [], seconds: 120, timeScale: 0.2, parallel: 20, history: 'history.jsonl' };
    expect(others).to.deep.equal(usual);
    expect(seed).to.be.a('number');
    const given = read('--minutes 0.5 --seed 7 --time-scale 1 --clients 3 --history told.jsonl');
    expect(given).to.deep.equal({
      gateways: [],
      seconds: 30,
      seed: 7,
      timeScale: 1,
      parallel: 3,
      history: 'told.jsonl',
    });
  });

  it('name the gateways of a system that is there, which has production times unless told otherwise', () => {
    const { gateways, timeScale } = read('--gateway http://localhost:8090 --gateway http://127.0.0.1:8091/');
    expect({ gateways, timeScale }).to.deep.equal({
      gateways: ['http://localhost:8090', 'http://127.0.0.1:8091'],
      timeScale: 1,
    });
    expect(read('--gateway http://localhost:8090 --time-scale 0.2').timeScale).to.equal(0.2);
  });

  for (const wrong of [
    ...['--clients 0', '--clients 0.5', '--clients=-1', '--clients many', '--clients='],
    ...['--minutes 0', '--minutes 0.001', '--minutes=-1', '--minutes ten', '--minutes Infinity'],
    ...['--time-scale 0', '--time-scale=-0.2', '--time-scale fast', '--time-scale 0.0001'],
    ...['--gateway localhost:8090', '--gateway https://localhost', '--gateway http://localhost/api', '--gateway='],
    ...['--seed 0.5', '--seed=-1', '--seed x', '--second 3', 'ten'],
  ])
    it(`do not include ${wrong}`, () => {
      expect(() => read(wrong)).to.throw(/^[^\n]+$/);
    });

  const ends: Record<string, [args: string[], said: RegExp]> = {
    'are wrong': [['--clients', '0'], /^--clients 0: it has to be a whole number, 1 at least\n$/],
    'name no gateway': [
      ['--gateway', 'http://127.0.0.1:1'],
      /^http:\/\/127.0.0.1:1 does not answer as a gateway does: .*ECONNREFUSED.*\n$/,
    ],
  };
  for (const [wrong, [given, expected]] of Object.entries(ends))
    it(`end it with 2 and one line where they ${wrong}, and leave the files of the run before`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'attendance-chaos-options-'));
      const history = join(folder, 'history.jsonl');
      writeFileSync(history, '');
      const main = fileURLToPath(new URL('main.ts', import.meta.url));
      const args = [...process.execArgv, '--import', 'tsx', main, ...given, '--history', history];
      const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) =>
        execFile(process.execPath, args, (error, stdout, stderr) =>
          resolve({ code: error?.code, said: stdout + stderr }),
        ),
      );
      expect(code, said).to.equal(2);
      expect(said).to.match(expected);
      expect(existsSync(history)).to.be.true;
      rmSync(folder, { recursive: true });
    });
});

describe('a run that tells nothing', () => {
  it('fails', async () => {
    const nothing = { gateways: [], timeout: 1_000, databases: null };
    const { violations } = await judgeInTheEnd([], nothing);
    expect(violations).to.deep.equal(['nothing was judged: no client had an answer that tells of a pair']);
  });
});
