import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { eventually } from '../../test/support/claims.ts';
import type { LogLine } from '../../test/support/process.ts';
import { startGateway, moduleOf, alive, killGateways } from './gateway.ts';

afterEach(killGateways);

describe('a port', () => {
  it('that is taken: one line, and exit code 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { child } = await startGateway('pipe', { PORT: String(port) });
    const written = text(child.stderr!);
    const [code] = (await once(child, 'exit')) as [number | null];
    const errors = await written;
    taken.close();
    expect(code).to.equal(1);
    expect(errors).to.equal(`listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
  });
});

describe('an error that nobody handles', () => {
  for (const [what, source] of [
    ['thrown', 'throw new Error("late")'],
    ['of a promise', 'Promise.reject(new Error("late"))'],
  ] as const)
    it(`${what}, is one fatal line, and exit code 1`, async () => {
      const late = moduleOf(`process.on('SIGUSR2', () => { ${source}; });`);
      const { child, ...gateway } = await startGateway('pipe', {}, ['--import', late]);
      await eventually(() => alive({ child, ...gateway }));
      const output = text(child.stdout!);
      child.kill('SIGUSR2');
      const [code] = (await once(child, 'exit')) as [number | null];
      const lines = (await output).trim().split('\n');
      const fatal = lines.map((line) => JSON.parse(line) as LogLine).filter(({ level }) => level === 60);
      expect([code, fatal.map(({ msg }) => msg)]).to.deep.equal([1, ['an error was not handled']]);
    });
});

describe('memory', () => {
  it('that runs out ends the process with an error, not with half an answer', async () => {
    // a leak, faster than the heap can grow
    const leak = moduleOf(`const kept = []; process.on('SIGUSR2', () =>
      setInterval(() => kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i }))), 1));`);
    const gateway = await startGateway('pipe', {}, ['--max-old-space-size=64', '--import', leak]);
    await eventually(() => alive(gateway));
    const errors = text(gateway.child.stderr!);
    gateway.child.kill('SIGUSR2');
    const [code, signal] = (await once(gateway.child, 'exit')) as [number | null, string | null];
    expect(code === 134 || signal === 'SIGABRT').to.equal(true);
    expect(await errors).to.include('heap out of memory');
  });
});
