import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const prepare = join(import.meta.dirname, '../../local/prepare.mjs');

/** In a project whose only package is the compiler. npm and the compiler are replaced by scripts. */
describe('the preparation of a start', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'attendance prepäre-'));
    const compiler = { 'node_modules/typescript': { version: '1.0.0', dev: true } };
    const otherPlatform = { 'node_modules/other-platform': { version: '1.0.0', optional: true } };
    const packages = { '': {}, ...compiler, ...otherPlatform };
    write('package-lock.json', JSON.stringify({ packages }));
    write('tsconfig.json', JSON.stringify({ references: [{ path: 'services/one' }] }));
    cpSync(prepare, join(root, 'local/prepare.mjs'), { recursive: true });
    write(
      'bin/npm',
      `#!/bin/sh
echo "$@" >>npm.log
mkdir -p node_modules/typescript/bin
echo '{}' >node_modules/typescript/package.json
echo "require('fs').mkdirSync('services/one/dist', { recursive: true })" >node_modules/typescript/bin/tsc
echo '${JSON.stringify({ packages: compiler })}' >node_modules/.package-lock.json
`,
    );
    chmodSync(join(root, 'bin/npm'), 0o755);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  /** @returns how npm was called */
  function run(environment: Record<string, string> = {}): string[] {
    const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}`, ...environment };
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'local/prepare.mjs')], {
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
    const log = join(root, 'npm.log');
    const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    rmSync(log, { force: true });
    return calls;
  }

  it('installs once, development dependencies too, whatever NODE_ENV is', () => {
    const [call, ...more] = run({ NODE_ENV: 'production' });
    expect(call).to.match(/^ci --include=dev --include=optional /);
    expect(more).to.deep.equal([]);
    expect(run()).to.deep.equal([]);
  });

  const incomplete: Record<string, () => void> = {
    'was interrupted': () => rmSync(join(root, 'node_modules/.package-lock.json')),
    'left out the development dependencies': () => write('node_modules/.package-lock.json', '{"packages":{}}'),
    'lost a package': () => rmSync(join(root, 'node_modules/typescript'), { recursive: true }),
    'is older than package-lock.json': () =>
      write('package-lock.json', '{"packages":{"node_modules/typescript":{"version":"2.0.0"}}}'),
  };
  for (const [what, damage] of Object.entries(incomplete))
    it(`repairs an installation that ${what}`, () => {
      run();
      damage();
      expect(run()).to.have.length(1);
    });

  it('rebuilds a package whose output is missing', () => {
    run();
    write('services/one/tsconfig.tsbuildinfo', '');
    rmSync(join(root, 'services/one/dist'), { recursive: true });
    run();
    expect(existsSync(join(root, 'services/one/tsconfig.tsbuildinfo'))).to.equal(false);
    expect(existsSync(join(root, 'services/one/dist'))).to.equal(true);
  });
});
