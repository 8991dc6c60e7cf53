import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { charts, manifestsOf, releases, type Chart } from '../../test/charts/helm.ts';
import { valueAt, findManifest, getManifest, workload } from '../../test/charts/manifests.ts';
import { commandsOf } from '../../test/support/commands.ts';
import { describeWith } from '../../test/support/needs.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Stand-ins on the PATH. What needs no cluster is real; an install or upgrade prints what it would apply instead.
 * Each reads its standard input to the end where the real one does: a pipe into it would break otherwise.
 */
const programs = {
  docker: 'exit 0',
  kind: 'exit 0',
  skaffold: 'exit 0',
  kubectl: `
case $* in
  *'get secret'*) exit 1 ;;
  *apply*'--filename -'*) cat >> applied ;;
  *'--filename -'*) cat > /dev/null; echo "$*" >> asked; echo a-context Complete ;;
  *) echo "$*" >> asked; echo a-context Complete ;;
esac`,
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
    for (const part of ['Makefile', 'charts', 'cluster'])
      cpSync(join(root, part), join(folder, part), { recursive: true, filter: fresh });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs commands in order in a fresh clone; the first that fails ends them. */
  function run(...commands: string[]) {
    const helm = spawnSync('sh', ['-c', 'command -v helm'], { encoding: 'utf8' }).stdout.trim();
    const { status, stderr, stdout } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands.join('\n')], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HELM: helm, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    });
    expect(status, stderr + stdout).to.equal(0);
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    return { stdout, read, manifests: (file: string) => manifestsOf(read(file)) };
  }

  const inARealCluster = commandsOf('docs/deploying.md', '## In a real cluster');

  it('docs/deploying.md, "In kind", creates what is missing', () => {
    const { read, stdout } = run(...commandsOf('docs/deploying.md', '## In kind'));
    expect(stdout).to.match(/^ready: skaffold dev/m);
    for (const secret of ['postgres-admin', 'author-database', 'conference-database', 'service-token'])
      expect(read('cluster/asked')).to.include(`create secret generic ${secret} `);
  });

  it('docs/deploying.md, "In a real cluster", installs all charts', () => {
    const installed = run(...inARealCluster).manifests('installed');
    for (const release of releases) expect(findManifest(installed, 'Service', release), release).to.exist;
    for (const name of ['author-service', 'conference-service', 'gateway-service']) {
      expect(valueAt(getManifest(installed, 'Deployment', name).spec, 'replicas')).to.equal(2);
      const image = `registry.example.com/attendance/${name}:1.0.0`;
      expect(workload(installed, 'Deployment', name).container.image).to.equal(image);
    }
  });

  it('docs/deploying.md, "GitOps", applies charts without hooks', () => {
    const applied = run(...inARealCluster, ...commandsOf('docs/deploying.md', '### GitOps')).manifests('applied');
    expect(applied.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'])).to.deep.equal([]);
    expect(applied.filter(({ kind }) => kind === 'Job')).to.have.length(2);
  });

  // in a cluster: test/e2e/reconcile.e2e.ts
  it('docs/operating.md, "Reconcile by hand", runs two Jobs', () => {
    const { read } = run(...commandsOf('docs/operating.md', '## Reconcile by hand'));
    for (const argument of ['--dry-run', '--accept']) expect(read('asked')).to.include(`"value":["${argument}"]`);
  });

  const readmes: Record<Chart, string[]> = {
    postgres: commandsOf('charts/postgres/README.md'),
    'owner-service': commandsOf('charts/owner-service/README.md'),
    'gateway-service': commandsOf('charts/gateway-service/README.md'),
  };
  for (const chart of charts)
    it(`charts/${chart}/README.md installs the chart`, () => {
      const installed = run(...readmes[chart]).manifests('installed');
      expect(findManifest(installed, 'Service')).to.exist;
    });
});
