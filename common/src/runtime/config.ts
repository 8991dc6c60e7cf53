import { z } from 'zod';
import { wholeNumber } from '../contract/values.ts';
import { ConfigError } from './configError.ts';

const port = (value: number) => wholeNumber({ min: 0, max: 65_535 }).default(value);
const atLeastOne = (value: number) => wholeNumber({ min: 1, max: 1_000_000 }).default(value);
const flag = (value: boolean) =>
  z
    .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive', error: 'must be true or false' })
    .default(value);

const notPositive = 'must be a decimal number above 0, such as 0.5';
const decimal = /^(0|[1-9]\d*)(\.\d+)?$/;
const timeVariable = {
  TIME_SCALE: z
    .preprocess(
      (value) => (typeof value === 'string' && decimal.test(value) ? Number(value) : value),
      z.number({ error: notPositive }).positive({ error: notPositive }),
    )
    .default(1)
    .describe('Multiplies every duration in many-to-many/src/times.ts and common/src/times.ts'),
};

const serverVariables = (ports: { port: number; managementPort: number }) => ({
  ...timeVariable,
  HOST: z.string().optional().describe('The address to listen on; unset: all addresses, IPv6 and IPv4'),
  PORT: port(ports.port).describe('The port of the API'),
  MANAGEMENT_PORT: port(ports.managementPort).describe('The port of /healthz, /readyz and /metrics'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The lowest level that is logged'),
  MAX_IN_FLIGHT: atLeastOne(1_000).describe('Requests in flight at once; more are answered 503'),
  DRAIN: flag(true).describe(
    'Keep serving for a while after SIGTERM, until load balancers have noticed; false if there are none',
  ),
});

const token = () =>
  z.string().min(16, { error: ({ input }) => `must be at least 16 characters (got ${(input as string).length})` });
const tokenVariables = {
  SERVICE_TOKEN: token().describe('The token that internal routes require'),
  SERVICE_TOKEN_PREVIOUS: token().optional().describe('Also accepted, while the token is being rotated'),
};

/** The variables that `migrate.ts` reads too, there with the migration role's user. */
export const databaseVariables = {
  DATABASE_HOST: z.string().default('127.0.0.1').describe('The host of PostgreSQL: its primary'),
  DATABASE_PORT: port(5432),
  DATABASE_NAME: z.string().describe("The service's logical database"),
  DATABASE_USER: z
    .string()
    .describe(
      'The service role, which reads and writes rows; for migrations the migration role, which owns the tables',
    ),
  DATABASE_PASSWORD: z.string().optional().describe('Not needed if PostgreSQL trusts the connection'),
};

export const migrateConfig = z.object(databaseVariables);

/** The management port is 1,000 above the port of the API. */
export const ownerConfig = ({ port }: { port: number }) =>
  z.object({
    ...serverVariables({ port, managementPort: port + 1_000 }),
    ...tokenVariables,
    ...databaseVariables,
    DATABASE_POOL: atLeastOne(16).describe('The largest number of connections to the database'),
  });

const serviceUrl = () => z.url({ protocol: /^http$/ });

const ownersVariables = {
  SERVICE_TOKEN: token().describe('The token that the gateway sends to both owner services'),
  AUTHOR_SERVICE_URL: serviceUrl().default('http://author-service:8070').describe('The author service'),
  CONFERENCE_SERVICE_URL: serviceUrl().default('http://conference-service:8080').describe('The conference service'),
};

export const gatewayConfig = z.object({
  ...serverVariables({ port: 8090, managementPort: 9090 }),
  ...ownersVariables,
  RECONCILE: flag(true).describe('Run the reconciler in the background'),
  BASE_PATH: z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/, {
      error: 'must be a path such as /api: no slash at its end, no escapes',
    })
    .optional()
    .describe('The prefix that a proxy in front strips from every path; Location and openapi.json have it'),
});

/** For one scan of the reconciler, by hand or as a Job. */
export const reconcileConfig = z.object({ ...timeVariable, ...ownersVariables });

export type ServerConfig = z.output<z.ZodObject<ReturnType<typeof serverVariables>>>;

/** Makes the settings of the service's database of its configuration. */
export function databaseSettings(config: z.output<typeof migrateConfig>) {
  return {
    host: config.DATABASE_HOST,
    port: config.DATABASE_PORT,
    database: config.DATABASE_NAME,
    user: config.DATABASE_USER,
    password: config.DATABASE_PASSWORD,
  };
}

/** The tokens that an owner service accepts on internal routes. */
export function serviceTokens(config: {
  SERVICE_TOKEN: string;
  SERVICE_TOKEN_PREVIOUS?: string | undefined;
}): string[] {
  return [config.SERVICE_TOKEN, config.SERVICE_TOKEN_PREVIOUS].filter((token) => token !== undefined);
}

/** Variables whose values are not printed; a URL may contain a password. */
const isSecret = /TOKEN|PASSWORD|URL/;

/**
 * Reads a service's configuration. Nothing else reads the environment. An empty variable counts as unset.
 * @throws {ConfigError} naming every fault
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, environment = process.env): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    const value = set[name];
    if (value === undefined) return `  ${name}: is not set`;
    return `  ${name}: ${issue.message}${isSecret.test(name) ? '' : ` (got ${JSON.stringify(value)})`}`;
  });
  throw new ConfigError(`Invalid configuration:\n${faults.join('\n')}`);
}
