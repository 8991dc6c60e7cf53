import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventually, serversOf, services } from './support/cluster.ts';
import { kubectl, run } from './support/command.ts';
import { forward } from './support/portForward.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const longest = 5_000;
/** One of them must be in time: a machine that also runs a cluster may be slow at times. */
const saves = 3;

const headersImport = `import { safeHeaders } from '@attendance/common/http/headers';\n`;

interface Where {
  service: string;
  port: number;
}

const pods: (Where & { file: string })[] = [
  { service: 'author-service', port: 8070, file: 'services/author/src/service.ts' },
  { service: 'conference-service', port: 8080, file: 'services/conference/src/service.ts' },
  { service: 'gateway-service', port: 8090, file: 'services/gateway/src/app.ts' },
];

describe('skaffold dev', function () {
  this.timeout(480_000);

  let checkout: string;
  let skaffold: ChildProcess;
  let output = '';
  let postgres: string;

  before(async () => {
    postgres = (await serversOf('postgres'))[0]!.metadata.uid;
    // a copy, because the test changes sources
    checkout = mkdtempSync(join(tmpdir(), 'attendance-dev-'));
    const files = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root });
    const wanted = (file: string) => !/^(test|verification)\//.test(file) && existsSync(join(root, file));
    for (const file of files.split('\0').filter((name) => name !== '' && wanted(name)))
      cpSync(join(root, file), join(checkout, file), { recursive: true, preserveTimestamps: true });
    const context = process.env.KUBE_CONTEXT ? ['--kube-context', process.env.KUBE_CONTEXT] : [];
    skaffold = spawn('skaffold', ['dev', '-p', 'debug', '--port-forward=off', '--cleanup=false', ...context], {
      cwd: checkout,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read = (chunk: Buffer) => (output += chunk.toString());
    skaffold.stdout!.on('data', read);
    skaffold.stderr!.on('data', read);
    await eventually('skaffold dev deploys and watches', 400, () => {
      if (skaffold.exitCode !== null) throw new Error(`skaffold dev ended:\n${output.slice(-3_000)}`);
      return Promise.resolve(output.includes('Watching for changes'));
    });
  });

  after(async () => {
    if (skaffold.exitCode === null) {
      const ended = once(skaffold, 'exit');
      skaffold.kill('SIGINT');
      await ended;
    }
    rmSync(checkout, { recursive: true, force: true });
  });

  it('does not restart PostgreSQL', async () => {
    expect((await serversOf('postgres')).map(({ metadata }) => metadata.uid)).to.deep.equal([postgres]);
  });

  it('prints no warnings', () => {
    expect(output.split('\n').filter((line) => /\bwarn/i.test(line))).to.deep.equal([]);
  });

  for (const pod of pods)
    it(`runs a change of ${pod.service} within ${longest / 1_000} s of the save`, async () => {
      const before = await podNames();
      await seenInTime(pod.file, [pod]);
      expect(await podNames(), 'pods').to.deep.equal(before);
    });

  for (const file of ['many-to-many/src/times.ts', 'common/src/http/headers.ts'])
    it(`runs a change of ${file} in all three within ${longest / 1_000} s`, async () => {
      const before = await podNames();
      await seenInTime(file, pods);
      expect(await podNames(), 'pods').to.deep.equal(before);
    });

  it('has the inspectors under the profile debug', async () => {
    for (const service of services) {
      const { url, stop } = await forward(`deployment/${service}`, 9229);
      const [target] = (await (await fetch(`${url}/json/list`)).json()) as { url: string }[];
      await stop();
      expect(target!.url).to.match(/services\/\w+\/src\/main\.ts$/);
    }
  });

  async function seenInTime(file: string, where: Where[]): Promise<void> {
    const took: number[] = [];
    while (took.length < saves && !took.some((ms) => ms < longest)) took.push(await savedUntilSeen(file, where));
    process.stdout.write(`      ${took.join(', ')} ms\n`);
    expect(Math.min(...took)).to.be.below(longest);
  }

  /** @returns milliseconds from the save until all of them run the change */
  async function savedUntilSeen(file: string, where: Where[]): Promise<number> {
    const header = `X-${Math.random().toString(36).slice(2)}`;
    const path = join(checkout, file);
    const source = readFileSync(path, 'utf8');
    const has = file.startsWith('common/') || source.startsWith(headersImport);
    const watched = Promise.all(where.map((pod) => answersWith(header, pod)));
    // by now all of them are polling
    await sleep(2_000);
    writeFileSync(path, `${has ? '' : headersImport}${source}Object.assign(safeHeaders, { '${header}': 'seen' });\n`);
    const saved = Date.now();
    await watched;
    return Date.now() - saved;
  }

  /** Polls inside the pod, because a port-forward ends when the server restarts. */
  async function answersWith(header: string, { service, port }: Where): Promise<void> {
    const ask = `
      const seen = () => fetch('http://127.0.0.1:${port}/').then(({ headers }) => headers.has('${header}'), () => false);
      const ended = Date.now() + 60000;
      while (!(await seen()))
        if (Date.now() > ended) process.exit(1);
        else await new Promise((resolve) => setTimeout(resolve, 50));
    `;
    await kubectl('exec', `deployment/${service}`, '--', 'node', '--input-type=module', '--eval', ask);
  }

  async function podNames(): Promise<string[]> {
    const pods = await Promise.all(services.map(serversOf));
    return pods.flatMap((list) => list.map(({ metadata }) => metadata.name)).sort();
  }
});
