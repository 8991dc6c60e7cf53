import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { commandsOf } from '../../test/support/commands.ts';
import { useSystem } from '../../test/support/system.ts';

const root = join(import.meta.dirname, '../..');

describe('README.md, "Break it"', () => {
  const { system } = useSystem({ direct: true, environment: { TIME_SCALE: '0.2' } });
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'attendance-chaos-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('checks the answers of a running system', async () => {
    const [command = ''] = commandsOf('README.md', '## Break it');
    const shorter = command
      .replace('http://localhost:8090', system.gateway)
      .replace('--minutes 1', '--minutes 0.05 --time-scale 0.2');
    expect(shorter).to.match(
      /^npm run chaos -- --gateway http:\/\/127\.0\.0\.1:\d+ --minutes 0\.05 --time-scale 0\.2 /,
    );
    const env = { ...process.env, DATA_FOLDER: folder };
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-euc', shorter], { cwd: root, env });
    expect(stdout)
      .to.match(/the clients did \d+ operations/)
      .and.include('every history is linearizable');
    expect(readdirSync(join(folder, 'chaos'))).to.include('history.jsonl');
  });
});
