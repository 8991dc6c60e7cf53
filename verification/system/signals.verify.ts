import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';

const programs = ['author/dist/main', 'author/dist/migrate', 'gateway/dist/main', 'gateway/dist/reconcile'];
const pathOf = (program: string) => fileURLToPath(new URL(`../../services/${program}.js`, import.meta.url));

/** Makes the loading of zod, which every program needs, take for ever, and prints when it begins. */
const hooks = `
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    if (specifier !== 'zod') return resolved;
    const source = 'export * from ' + JSON.stringify(resolved.url) + ';'
      + 'process.stdout.write("loading"); await new Promise(() => setInterval(() => undefined, 1_000));';
    return { url: 'data:text/javascript,' + encodeURIComponent(source), shortCircuit: true };
  }
`;
const moduleOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
const slowLoading = moduleOf(`import { register } from 'node:module'; register(${JSON.stringify(moduleOf(hooks))});`);

/** As an ordinary process, and as the first process of a container, which ignores signals that it does not handle. */
function describeSignals(command: string[], pidOf: (pid: number) => number): void {
  let child: ChildProcess;
  afterEach(() => child.kill('SIGKILL'));

  /** Starts a program, sends it SIGTERM at a moment, and returns its exit code. */
  async function terminate(
    args: string[],
    env: Record<string, string>,
    moment: (output: NodeJS.ReadableStream) => Promise<unknown>,
  ) {
    const [file = '', ...rest] = [...command, process.execPath, ...args];
    child = spawn(file, rest, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    await moment(child.stdout!);
    process.kill(pidOf(child.pid!), 'SIGTERM');
    const [code] = (await closed) as [number | null];
    return code;
  }

  for (const program of programs)
    it(`${program}.js ends at once while it is still loading`, async () => {
      const code = await terminate(['--import', slowLoading, pathOf(program)], {}, (output) => once(output, 'data'));
      expect(code).to.equal(143);
    });

  describe('with a database that does not answer', () => {
    let silent: Server;
    beforeEach(async () => {
      silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
    });
    afterEach(() => silent.close());

    it('author/dist/migrate.js ends at once', async () => {
      const port = String((silent.address() as AddressInfo).port);
      const env = { DATABASE_PORT: port, DATABASE_NAME: 'author', DATABASE_USER: 'author_owner' };
      const began = performance.now();
      const code = await terminate([pathOf('author/dist/migrate')], env, () => once(silent, 'connection'));
      expect(code).to.equal(143);
      // without a signal it waits for half a minute
      expect(performance.now() - began).to.be.below(20_000);
    });
  });
}

describe('SIGTERM', () => describeSignals([], (pid) => pid));

describeWith('unshare', 'SIGTERM to the first process of a container', () => {
  const command = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  describeSignals(command, (pid) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')));
});
