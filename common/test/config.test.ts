import { expect } from 'chai';
import { gatewayConfig, readConfig } from '../src/runtime/config.ts';
import { ConfigError } from '../src/runtime/configError.ts';

const read = (variables: Record<string, string>) =>
  readConfig(gatewayConfig, { SERVICE_TOKEN: 'a-token-for-tests-only', ...variables });

describe('the configuration', () => {
  const refused: Record<string, string[]> = {
    PORT: ['0x50', '8e3', '+80', ' 80', '80 ', '080', '80.0', '-1', '65536', 'http', '８０'],
    MAX_IN_FLIGHT: ['0', '1e2', '1_000', 'Infinity', 'NaN', '9007199254740993'],
    TIME_SCALE: ['0', '0.0', '-1', '1e1', '0x1', '.5', '5.', '01', ' 1', 'Infinity', '1,5'],
    DRAIN: ['True', 'yes', '1', 'on', '0', ' true'],
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
