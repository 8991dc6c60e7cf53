/*
 * Writes sbom.cdx.json (CycloneDX): the packages in the folder's node_modules. The Dockerfile runs it where the packages
 * of one image are installed. Usage: node sbom.mjs <service>
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';

const [service] = process.argv.slice(2);

// npm sbom fails for what a manifest wants and an image does not have: development dependencies, other workspaces
for (const file of globSync(['package.json', '{*,services/*}/package.json'])) {
  const { devDependencies, workspaces, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  const name = file === 'package.json' ? { name: `${service}-service` } : {};
  writeFileSync(file, `${JSON.stringify({ ...manifest, ...name }, null, 2)}\n`);
}
const sbom = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'], {
  maxBuffer: Infinity,
});
writeFileSync('sbom.cdx.json', sbom);
