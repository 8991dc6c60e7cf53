import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { installPackage, type Installed } from '../../test/package/install.ts';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const user = readFileSync(new URL('user.txt', import.meta.url), 'utf8');

describe("the packed package's types", function () {
  this.timeout(180_000);

  let installed: Installed;
  before(async () => {
    installed = await installPackage(['zod', 'pg', '@types/pg', '@types/node']);
  });
  after(() => installed.remove());

  // checks the types of the dependencies once only, because that is slow
  for (const { resolution, skipLibCheck } of [
    { resolution: 'nodenext', skipLibCheck: false },
    { resolution: 'bundler', skipLibCheck: true },
  ])
    it(`compile in a strict program (${resolution})`, async () => {
      writeFileSync(join(installed.folder, 'user.ts'), user);
      const compilerOptions = {
        target: 'es2023',
        lib: ['es2023'],
        module: resolution === 'bundler' ? 'esnext' : 'nodenext',
        moduleResolution: resolution,
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noPropertyAccessFromIndexSignature: true,
        verbatimModuleSyntax: true,
        skipLibCheck,
        noEmit: true,
      };
      writeFileSync(join(installed.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
      const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', '.'], { cwd: installed.folder }).catch(
        (error: unknown) => error as { stdout: string },
      );
      expect(stdout).to.equal('');
    });
});
