import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runFinalChecks } from './finalChecks.ts';
import { readOptions } from './options.ts';

const read = (line: string) => readOptions(line.split(' ').filter(Boolean), { history: 'history.jsonl' });

describe('the options of npm run chaos', () => {
  it('have defaults for a run of two minutes', () => {
    const { seed, ...others } = read('');
    const defaults = {
      ...{ gateways: [], breaks: 'everything', seconds: 120, timeScale: 0.2, parallel: 20 },
      history: 'history.jsonl',
    };
    expect(others).to.deep.equal(defaults);
    expect(seed).to.be.a('number');
    const options = read('--minutes 0.5 --seed 7 --time-scale 1 --clients 3 --history other.jsonl');
    expect(options).to.deep.equal({
      gateways: [],
      breaks: 'everything',
      seconds: 30,
      seed: 7,
      timeScale: 1,
      parallel: 3,
      history: 'other.jsonl',
    });
  });

  it('include the gateways of an external system, which has production times by default', () => {
    const { gateways, timeScale } = read('--gateway http://localhost:8090 --gateway http://127.0.0.1:8091/');
    expect({ gateways, timeScale }).to.deep.equal({
      gateways: ['http://localhost:8090', 'http://127.0.0.1:8091'],
      timeScale: 1,
    });
    expect(read('--gateway http://localhost:8090 --time-scale 0.2').timeScale).to.equal(0.2);
  });

  it('include failovers, by default with production times', () => {
    const { breaks, timeScale } = read('--failover');
    expect({ breaks, timeScale }).to.deep.equal({ breaks: 'primaries', timeScale: 1 });
    expect(read('--failover --async').breaks).to.equal('asynchronous primaries');
    const { breaks: patroni, timeScale: scale } = read('--failover --patroni');
    expect({ patroni, scale }).to.deep.equal({ patroni: 'primaries of Patroni', scale: 1 });
  });

  for (const invalid of [
    ...[
      '--async',
      '--patroni',
      '--failover --async --patroni',
      '--failover --gateway http://localhost:8090',
      '--failover=yes',
    ],
    ...['--clients 0', '--clients 0.5', '--clients=-1', '--clients many', '--clients='],
    ...['--minutes 0', '--minutes 0.001', '--minutes=-1', '--minutes ten', '--minutes Infinity'],
    ...['--time-scale 0', '--time-scale=-0.2', '--time-scale fast', '--time-scale 0.0001'],
    ...['--gateway localhost:8090', '--gateway https://localhost', '--gateway http://localhost/api', '--gateway='],
    ...['--seed 0.5', '--seed=-1', '--seed x', '--second 3', 'ten'],
  ])
    it(`do not include ${invalid}`, () => {
      expect(() => read(invalid)).to.throw(/^[^\n]+$/);
    });

  const failures: Record<string, [args: string[], message: RegExp]> = {
    'if an option is invalid': [['--clients', '0'], /^--clients must be a whole number of at least 1 \(got "0"\)\n$/],
    'if a gateway does not answer': [
      ['--gateway', 'http://127.0.0.1:1'],
      /^http:\/\/127.0.0.1:1 must answer as a gateway does \(got .*ECONNREFUSED.*\)\n$/,
    ],
  };
  for (const [when, [options, message]] of Object.entries(failures))
    it(`make it exit with 2 and one line ${when}, and keep the files of the previous run`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'attendance-chaos-options-'));
      const history = join(folder, 'history.jsonl');
      writeFileSync(history, '');
      const main = fileURLToPath(new URL('main.ts', import.meta.url));
      const args = [...process.execArgv, '--import', 'tsx', main, ...options, '--history', history];
      const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) =>
        execFile(process.execPath, args, (error, stdout, stderr) =>
          resolve({ code: error?.code, output: stdout + stderr }),
        ),
      );
      expect(code, output).to.equal(2);
      expect(output).to.match(message);
      expect(existsSync(history)).to.be.true;
      rmSync(folder, { recursive: true });
    });
});

describe('a run without answers', () => {
  it('fails', async () => {
    const options = { gateways: [], timeout: 1_000, databases: null };
    const { violations } = await runFinalChecks([], options);
    expect(violations).to.deep.equal(['nothing was checked: no client got an answer about a pair']);
  });
});
