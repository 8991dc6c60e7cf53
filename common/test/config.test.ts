import { expect } from 'chai';
import { databaseSettings } from '../src/database/variables.ts';
import { gatewayConfig, migrateConfig, ownerConfig, readConfig } from '../src/runtime/config.ts';
import { ConfigError } from '../src/runtime/configError.ts';

const read = (variables: Record<string, string>) =>
  readConfig(gatewayConfig, { SERVICE_TOKEN: 'a-token-for-tests-only', ...variables });

describe('the configuration', () => {
  const refused: Record<string, string[]> = {
    PORT: ['0x50', '8e3', '+80', '8 0', '080', '80.0', '-1', '65536', 'http', '８０'],
    MAX_IN_FLIGHT: ['0', '1e2', '1_000', 'Infinity', 'NaN', '9007199254740993'],
    TIME_SCALE: ['0', '0.0', '-1', '1e1', '0x1', '.5', '5.', '01', 'Infinity', '1,5'],
    DRAIN: ['True', 'yes', '1', 'on', '0'],
    RECONCILE: ['FALSE', 'no', '0', 'off'],
    BASE_PATH: ['api', '/api/', '/', '//api', '/a//b', '/a b', '/../api', '/a/.', '/a?b', '/a#b', '/%2e', 'http://a/b'],
  };
  for (const [name, values] of Object.entries(refused))
    for (const value of values)
      it(`refuses ${name}=${JSON.stringify(value)}, and names both`, () =>
        expect(() => read({ [name]: value }))
          .to.throw(ConfigError)
          .with.property('message')
          .that.includes(`${name}: must be`)
          .and.includes(JSON.stringify(value)));

  it('takes whole and decimal numbers, switches and a path in their one form', () => {
    const variables = { PORT: '0', MAX_IN_FLIGHT: '1', TIME_SCALE: '0.05', DRAIN: 'false', BASE_PATH: '/v1/the-api' };
    expect(read(variables)).to.include({
      PORT: 0,
      MAX_IN_FLIGHT: 1,
      TIME_SCALE: 0.05,
      DRAIN: false,
      BASE_PATH: '/v1/the-api',
    });
  });

  it('takes an empty variable for one that is not set', () =>
    expect(read({ PORT: '', DRAIN: '', BASE_PATH: '' })).to.include({ PORT: 8090, DRAIN: true }));

  it('keeps a token that is too short to itself', () =>
    expect(() => read({ SERVICE_TOKEN: 'a-secret' }))
      .to.throw(ConfigError, 'SERVICE_TOKEN: must be at least 16 characters (got 8)')
      .with.property('message')
      .that.does.not.include('a-secret'));
});

const least = { DATABASE_NAME: 'author', DATABASE_USER: 'author_owner' };
const reading = (variables: Record<string, string>) => () => readConfig(migrateConfig, { ...least, ...variables });
const settings = (variables: Record<string, string>) => databaseSettings(reading(variables)());

describe('the variables of a database, as tools set them', () => {
  it('are taken without the space and the line end around them', () => {
    const found = settings({
      DATABASE_HOST: ' db.example.com\n',
      DATABASE_PORT: '6432\r\n',
      DATABASE_NAME: '\tauthor ',
      DATABASE_USER: 'author_owner\n',
      DATABASE_TLS: 'Disable\n',
    });
    expect(found).to.include({ host: 'db.example.com', port: 6432, database: 'author', user: 'author_owner' });
    expect(settings({ DATABASE_HOST: ' ', DATABASE_PORT: '\n' })).to.include({ host: '127.0.0.1', port: 5432 });
  });

  it('keep what a password may contain, all but the line end', () => {
    for (const password of [' p%40ss"word\' ', '"quoted"', 'a b', '%', '€'])
      expect(settings({ DATABASE_PASSWORD: `${password}\r\n` })).to.include({ password });
  });

  it('take each kind of host', () => {
    for (const [text, host] of [
      ['[::1]', '::1'],
      ['[fd00::5]', 'fd00::5'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
      ['10.0.0.1', '10.0.0.1'],
      ['author-db-rw.data.svc', 'author-db-rw.data.svc'],
      ['my_postgres', 'my_postgres'],
      ['/var/run/postgresql', '/var/run/postgresql'],
    ] as const)
      expect(settings({ DATABASE_HOST: text })).to.include({ host });
  });

  it('take percent signs in names as they are', () => {
    expect(settings({ DATABASE_NAME: '100%', DATABASE_USER: 'a%20b' })).to.include({ database: '100%', user: 'a%20b' });
  });

  for (const [variable, value, fault] of [
    ['DATABASE_HOST', '"db"', /is within quotes/],
    ['DATABASE_HOST', "'db'", /is within quotes/],
    ['DATABASE_HOST', 'db:5432', /without a port/],
    ['DATABASE_HOST', '[::1]:5432', /without a port/],
    ['DATABASE_HOST', 'postgres://user:secret@db/author', /not a URL/],
    ['DATABASE_HOST', 'one,two', /must be one host/],
    ['DATABASE_HOST', 'db%2Eexample', /must be a host name/],
    ['DATABASE_HOST', 'a b', /must be a host name/],
    ['DATABASE_PORT', '"5432"', /must be a whole number/],
    ['DATABASE_PORT', 'tcp://10.0.0.1:5432', /must be a whole number/],
    ['DATABASE_PORT', '5e3', /must be a whole number/],
    ['DATABASE_PORT', '0', /must be a whole number from 1 to 65535/],
    ['DATABASE_PORT', '70000', /must be a whole number from 1 to 65535/],
    ['DATABASE_NAME', '"author"', /is within quotes/],
    ['DATABASE_USER', "'author_owner'", /is within quotes/],
  ] as const)
    it(`refuse ${variable}=${value}, with its name and what is wrong`, () => {
      expect(reading({ [variable]: value }))
        .to.throw(fault)
        .with.property('message')
        .that.includes(`  ${variable}: `);
      expect(reading({ [variable]: value })).not.to.throw(/secret/);
    });

  it('have all their faults reported together', () => {
    const wrong = { DATABASE_HOST: '"db"', DATABASE_PORT: 'x', DATABASE_NAME: '', DATABASE_PASSWORD_FILE: '/nowhere' };
    expect(reading(wrong))
      .to.throw()
      .with.property('message')
      .that.matches(/DATABASE_HOST: /)
      .and.matches(/DATABASE_PORT: /)
      .and.matches(/DATABASE_NAME: is not set/)
      .and.matches(/DATABASE_PASSWORD_FILE: cannot be read/);
  });
});

describe('the switch for a pooler', () => {
  const reading = (DATABASE_POOLER: string) => () =>
    readConfig(ownerConfig({ port: 8070 }), { ...least, SERVICE_TOKEN: 'a-token-for-tests-only', DATABASE_POOLER });

  it('is true or false, as every switch', () => {
    expect(reading('true')().DATABASE_POOLER).to.be.true;
    for (const other of ['yes', '1', 'True']) expect(reading(other)).to.throw(/DATABASE_POOLER: must be true or false/);
  });
});

describe('a service token', () => {
  const config = ownerConfig({ port: 8070 });
  const reading = (token: string) => () => readConfig(config, { ...least, SERVICE_TOKEN: token });

  it('is taken without the line end, and refused if a header cannot have it', () => {
    expect(reading('a-token-for-tests-only\n')().SERVICE_TOKEN).to.equal('a-token-for-tests-only');
    expect(reading('short')).to.throw(/SERVICE_TOKEN: must be at least 16 characters/);
    expect(reading('a-token-with-a-line\nend')).to.throw(/SERVICE_TOKEN: may have printable ASCII characters only/);
  });
});
