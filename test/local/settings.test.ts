import { readSettings } from '@attendance/local/settings';
import { expect } from 'chai';

describe('the settings of make start', () => {
  it('are the defaults for empty variables', () => {
    const names = ['DATA_FOLDER', 'POSTGRES_URL', 'POSTGRES_PORT', 'AUTHOR_PORT', 'CONFERENCE_PORT', 'GATEWAY_PORT'];
    const empty = readSettings(Object.fromEntries(names.map((name) => [name, ''])));
    expect(empty).to.deep.equal(readSettings({}));
    expect(empty.dataFolder).to.equal(`${empty.root}/.data`);
  });

  it('are rejected together, each with its value, but for passwords', () => {
    const faulty = { AUTHOR_PORT: '0', GATEWAY_PORT: 'http', POSTGRES_URL: 'postgres://me:50%@localhost/postgres' };
    expect(() => readSettings(faulty)).to.throw(
      'POSTGRES_URL must be like postgres://user:password@host:5432/postgres, with % as %25; DATABASE_TLS is for TLS\n' +
        'AUTHOR_PORT must be a port from 1 to 64535 (got 0)\n' +
        'GATEWAY_PORT must be a port from 1 to 64535 (got http)',
    );
  });
});
