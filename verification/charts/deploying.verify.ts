import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { charts, manifestsOf, releases } from '../../test/charts/helm.ts';
import { valueAt, findManifest, getManifest, workload } from '../../test/charts/manifests.ts';

const root = join(import.meta.dirname, '../..');

/** The commands of a document, or of the part that begins with a heading, in order. */
function commandsOf(document: string, heading = ''): string {
  const text = readFileSync(join(root, document), 'utf8');
  const start = heading ? text.indexOf(`\n${heading}\n`) : 0;
  if (start < 0) throw new Error(`${document} has no heading "${heading}"`);
  const end = heading ? text.slice(start + 1).search(/\n#+ /) : -1;
  const part = end < 0 ? text.slice(start) : text.slice(start, start + 1 + end);
  const blocks = [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
  if (blocks.length === 0) throw new Error(`${document} ${heading} has no commands`);
  return blocks.join('\n');
}

/** Stand-ins on the PATH. What needs no cluster is real; an install or upgrade prints what it would apply instead. */
const programs = {
  docker: 'exit 0',
  kubectl: 'case $* in *"get secret"*) exit 1 ;; *apply*"--filename -"*) cat >> applied ;; *) echo a-context ;; esac',
  helm: `
case $1 in
  upgrade) shift; [ "$1" != --install ] || shift ;;
  test) exit 0 ;;
  *) exec "$HELM" "$@" ;;
esac
for argument; do
  shift
  case $argument in
    --wait) ;;
    --timeout) skip=1 ;;
    *) [ "$skip" ] || set -- "$@" "$argument"; skip= ;;
  esac
done
"$HELM" template "$@" >> installed`,
};

describeWith('helm', 'commands of the documents, typed as they are', function () {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commands-'));
    mkdirSync(join(folder, 'bin'));
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
    // a fresh clone has no dependencies of charts
    const fresh = (path: string) => !/charts\/[^/]+\/charts/.test(path);
    for (const part of ['charts', 'cluster'])
      cpSync(join(root, part), join(folder, part), { recursive: true, filter: fresh });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs commands in order in a fresh clone; the first that fails ends them. */
  function run(commands: string) {
    const helm = spawnSync('sh', ['-c', 'command -v helm'], { encoding: 'utf8' }).stdout.trim();
    const { status, stderr, stdout } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HELM: helm, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    });
    expect(status, stderr + stdout).to.equal(0);
    return (file: string) => manifestsOf(readFileSync(join(folder, file), 'utf8'));
  }

  it('docs/deploying.md, "In a real cluster", installs all charts', () => {
    const installed = run(commandsOf('docs/deploying.md', '## In a real cluster'))('installed');
    for (const release of releases) expect(findManifest(installed, 'Service', release), release).to.exist;
    for (const name of ['author-service', 'conference-service', 'gateway-service']) {
      expect(valueAt(getManifest(installed, 'Deployment', name).spec, 'replicas')).to.equal(2);
      const image = `registry.example.com/attendance/${name}:1.0.0`;
      expect(workload(installed, 'Deployment', name).container.image).to.equal(image);
    }
  });

  it('docs/deploying.md, "GitOps", applies charts without hooks', () => {
    const before = commandsOf('docs/deploying.md', '## In a real cluster');
    const applied = run(`${before}\n${commandsOf('docs/deploying.md', '### GitOps')}`)('applied');
    expect(applied.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'])).to.deep.equal([]);
    expect(applied.filter(({ kind }) => kind === 'Job')).to.have.length(2);
  });

  for (const chart of charts)
    it(`charts/${chart}/README.md installs the chart`, () => {
      const installed = run(commandsOf(`charts/${chart}/README.md`))('installed');
      expect(findManifest(installed, 'Service')).to.exist;
    });
});
