import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A new project in which the packed package is installed. */
export interface Installed {
  folder: string;
  /** The paths of the files in the tarball. */
  files: string[];
  remove: () => void;
}

/**
 * Packs the package and unpacks the tarball in the `node_modules` of a new folder. Links the dependencies from this
 * repository, so that no network is needed.
 * @param dependencies names of packages, such as `pg`
 */
export async function installPackage(dependencies: string[]): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'many-to-many-'));
  const modules = join(folder, 'node_modules');
  const unpacked = join(modules, 'many-to-many');
  mkdirSync(unpacked, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));

  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(root, 'many-to-many') });
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz'))!,
  );
  await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components', '1']);
  const { stdout } = await run('tar', ['-tzf', tarball]);

  for (const name of dependencies) {
    const link = join(modules, name);
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  return {
    folder,
    files: stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
