import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the API reference', function () {
  this.timeout(180_000);

  it('is generated without a warning', async () => {
    // typedoc treats warnings as errors
    await promisify(execFile)('npm', ['run', 'docs:api', '--', '--emit', 'none'], { cwd: root });
  });
});
