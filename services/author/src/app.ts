import { authorContract } from '@attendance/common/contract/author';
import { authorClaimsContract } from '@attendance/common/contract/claims';
import { createApp } from '@attendance/common/http/app';
import type { Lifecycle } from '@attendance/common/runtime/lifecycle';
import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import type { Knex } from 'knex';
import { authorHandlers } from './routes/index.ts';

const contract = { ...authorContract, ...authorClaimsContract };

interface AuthorOptions {
  database: Knex;
  times: Times;
  tokens: readonly string[];
  maxInFlight: number;
  lifecycle: Lifecycle;
  log: Logger;
  metrics: Metrics;
}

/** Authors, and their owner's copy of the attendance relation. */
export function createAuthorService({ database, times, ...options }: AuthorOptions) {
  return createApp({
    title: 'Authors',
    contract,
    handlers: authorHandlers({ database, times }),
    // for the gateway, whatever was refused here was certainly not executed
    overload: 'not_executed',
    ...options,
  });
}
