import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSecrets } from '@attendance/local/secrets';
import { expect } from 'chai';
import { startProgram } from '../../test/support/program.ts';

const program = fileURLToPath(new URL('../../local/dist/reconcile.js', import.meta.url));
const nowhere = 'http://127.0.0.1:1';

/** `npm run reconcile` without npm. */
const start = (environment: Record<string, string>, ...args: string[]) =>
  startProgram(program, args, { TIME_SCALE: '0.05', ...environment });
const run = (environment: Record<string, string>, ...args: string[]) => start(environment, ...args).ended;

describe('npm run reconcile', function () {
  let folder: string;
  /** Accepts connections, and never answers. */
  let silent: Server;
  let url: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'attendance-reconcile-'));
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    silent.close();
    rmSync(folder, { recursive: true });
  });

  const started = () => {
    readSecrets(folder);
    return { DATA_FOLDER: folder, AUTHOR_PORT: '1', CONFERENCE_PORT: '1' };
  };

  it('reports that nothing was started, also if the variables are empty', async () => {
    for (const empty of [{}, { AUTHOR_SERVICE_URL: '', CONFERENCE_SERVICE_URL: '' }]) {
      const { code, output, errors } = await run({ DATA_FOLDER: folder, ...empty }, '--dry-run');
      expect({ code, output }).to.deep.equal({ code: 1, output: '' });
      expect(errors).to.equal(
        `nothing was started in ${folder}: \`make start\`, or set AUTHOR_SERVICE_URL and CONFERENCE_SERVICE_URL\n`,
      );
    }
  });

  it('uses the services of make start if the environment names no others', async () => {
    for (const none of [{}, { AUTHOR_SERVICE_URL: '', CONFERENCE_SERVICE_URL: '' }]) {
      const { code, output, errors } = await run({ ...started(), ...none }, '--dry-run');
      expect({ code, errors }).to.deep.equal({ code: 2, errors: '' });
      expect(output).to.match(/no answer: .*127\.0\.0\.1:1/);
    }
  });

  it('rejects an environment that names only one of the two services', async () => {
    for (const [set, unset] of [
      ['AUTHOR_SERVICE_URL', 'CONFERENCE_SERVICE_URL'],
      ['CONFERENCE_SERVICE_URL', 'AUTHOR_SERVICE_URL'],
    ] as const)
      for (const other of [{}, { [unset]: '' }]) {
        const { code, output, errors } = await run({ ...started(), [set]: nowhere, ...other }, '--accept');
        expect({ code, output }).to.deep.equal({ code: 1, output: '' });
        expect(errors).to.match(new RegExp(`^${unset} is not set: set both .*\\n$`));
      }
  });

  it('requires the token of services that the environment names', async () => {
    const { code, errors } = await run({ ...started(), AUTHOR_SERVICE_URL: nowhere, CONFERENCE_SERVICE_URL: nowhere });
    expect(code).to.equal(1);
    expect(errors).to.include('SERVICE_TOKEN: is not set');
  });

  it('reports an invalid variable in one line', async () => {
    const { code, errors } = await run({ ...started(), AUTHOR_PORT: 'x' });
    expect(code).to.equal(1);
    expect(errors).to.equal('AUTHOR_PORT must be a port from 1 to 64535 (got x)\n');
  });

  it('prints its usage even if nothing was started', async () => {
    const { code, output } = await run({ DATA_FOLDER: folder }, '--help');
    expect(code).to.equal(0);
    for (const said of ['--dry-run', '--accept', 'Exit codes']) expect(output).to.include(said);
  });

  for (const [signal, expected] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)
    it(`ends at once on ${signal}`, async () => {
      const { child, ended } = start({
        TIME_SCALE: '1',
        SERVICE_TOKEN: 'a-token-for-tests-only',
        AUTHOR_SERVICE_URL: url,
        CONFERENCE_SERVICE_URL: url,
      });
      await once(silent, 'connection');
      const asked = performance.now();
      child.kill(signal);
      expect(await ended).to.deep.equal({ code: expected, output: '', errors: '' });
      // without a signal it waits for half a minute
      expect(performance.now() - asked).to.be.below(15_000);
    });
});
