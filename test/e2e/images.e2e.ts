import { expect } from 'chai';
import { services } from './support/cluster.ts';
import { kubectl } from './support/command.ts';

/** Prints the names of the packages in node_modules, and what the SBOM lists. */
const script = `
  const { globSync, readFileSync } = require('node:fs');
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  const isPackage = (file) => /node_modules\\/(@[^/]+\\/)?[^/]+\\/package\\.json$/.test(file);
  const installed = globSync('node_modules/**/package.json').filter(isPackage).map(read);
  const { metadata, components } = read('sbom.cdx.json');
  const purls = components.map(({ purl }) => decodeURIComponent(purl));
  console.log(JSON.stringify({
    application: metadata.component.purl,
    installed: installed.map(({ name, version }) => \`pkg:npm/\${name}@\${version}\`),
    listed: purls,
  }));
`;

interface Packages {
  application: string;
  installed: string[];
  listed: string[];
}

describe('the released images', () => {
  for (const service of services) {
    const exec = (...command: string[]) => kubectl('exec', `deployment/${service}`, '--', ...command);

    it(`list every package of ${service} in an SBOM`, async () => {
      const output = await exec('node', '--eval', script);
      const { application, installed, listed } = JSON.parse(output) as Packages;
      expect(application).to.match(new RegExp(`^pkg:npm/${service}@`));
      expect(installed).to.have.length.above(50);
      expect(listed).to.include.members(installed);
      expect(installed.filter((name) => /npm\/(typescript|nodemon|tsx|mocha)@/.test(name))).to.deep.equal([]);
    });

    it(`have no package manager for ${service}`, async () => {
      const found = await exec('sh', '-c', 'for tool in npm npx corepack yarn; do command -v $tool; done; true');
      expect(found).to.equal('');
    });
  }
});
