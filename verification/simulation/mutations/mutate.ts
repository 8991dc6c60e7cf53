import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { explainAttendance, simulateAttendance } from '../attendance.ts';
import type { Mutation } from './mutations.ts';

/** The simulation of a mutant. */
interface Mutant {
  simulateAttendance: typeof simulateAttendance;
  explainAttendance: typeof explainAttendance;
}

const root = resolve(import.meta.dirname, '../../..');

/** The folders to copy for a mutant, and their places. A mutant resolves packages in its own `node_modules` first. */
const copies = [
  { folder: 'many-to-many/src', at: 'node_modules/many-to-many/src' },
  { folder: 'services/gateway/src', at: 'node_modules/@attendance/gateway-service/src' },
  { folder: 'verification/simulation', at: 'simulation' },
];

const manifests = {
  '.': {},
  'node_modules/many-to-many': {
    exports: { '.': './src/index.ts', './copy': './src/copy/index.ts', './testing': './src/testing/index.ts' },
  },
  'node_modules/@attendance/gateway-service': { exports: { './*': './src/*.ts' } },
};

/** Copies the package, the gateway and the simulation, patches the copies, and loads the simulation. */
export async function mutate({ name, patches }: Mutation): Promise<Mutant> {
  const folder = resolve(root, 'node_modules/.cache/mutants', `${name.replaceAll(/[^a-z0-9]+/g, '-')}-${process.pid}`);
  await rm(folder, { recursive: true, force: true });
  try {
    for (const { folder: from, at } of copies) await cp(resolve(root, from), resolve(folder, at), { recursive: true });
    for (const [at, manifest] of Object.entries(manifests)) {
      await mkdir(resolve(folder, at), { recursive: true });
      await writeFile(resolve(folder, at, 'package.json'), JSON.stringify({ type: 'module', ...manifest }));
    }
    for (const { file, from, to } of patches) await patch(resolve(folder, pathOf(file)), from, to);
    return (await import(pathToFileURL(resolve(folder, 'simulation/attendance.ts')).href)) as Mutant;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Converts a path in the repository to the path in a mutant's folder. */
function pathOf(file: string): string {
  const copy = copies.find(({ folder }) => file.startsWith(`${folder}/`));
  if (!copy) throw new Error(`a mutant has no copy of ${file}`);
  return copy.at + file.slice(copy.folder.length);
}

/** @throws if the file does not contain the text exactly once, because the code has changed */
async function patch(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const count = text.split(from).length - 1;
  if (count !== 1) throw new Error(`${file} must contain the text of a patch once (found ${count}): ${from}`);
  await writeFile(
    file,
    text.replace(from, () => to),
  );
}
