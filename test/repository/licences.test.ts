import { expect } from 'chai';
import { readFileSync } from 'node:fs';

interface Entry {
  license?: string;
  dev?: boolean;
  link?: boolean;
}

const lock = new URL('../../package-lock.json', import.meta.url);

/** Licences that allow a package to be part of an image or of a user's own program, with its notice. */
const allowed = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '(MIT OR CC0-1.0)']);

describe('licences', () => {
  it('of what the images contain are among those that we allow', () => {
    const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, Entry> };
    const installed = Object.entries(packages).filter(
      ([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link,
    );
    expect(installed.length).to.be.above(100);
    const others = installed.filter(([, { license }]) => !allowed.has(license ?? ''));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).to.deep.equal([]);
  });
});
