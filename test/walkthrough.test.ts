import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { commandsOf } from './support/commands.ts';
import { useGateway } from './support/gateway.ts';

describe("the README's walk-through", () => {
  const client = useGateway();

  it('gives the documented answers', async () => {
    const commands = commandsOf('README.md', '## Walk through it')
      .join('\n')
      .replace('http://localhost:8090', client().url);
    const { stdout } = await promisify(execFile)('bash', ['-euc', commands]);
    const statuses = [...stdout.matchAll(/(\d{3})$/gm)].map(([, status]) => Number(status));
    expect(statuses).to.deep.equal([201, 200, 200, 200, 200, 404, 404, 204, 404]);
    expect(stdout).to.include('"full_name":"Alan Turing"').and.include('"acronym":"SWAT"');
    for (const text of ['"attendees":[{"id"', '"events":[{"id"', '"attendees":[{"author"'])
      expect(stdout).to.include(text);
    for (const code of ['author_not_found', 'event_not_found', 'attendance_not_found'])
      expect(stdout).to.include(`"code":"${code}"`);
  });
});
