import { conferenceContract } from '@attendance/common/contract/conference';
import { conferenceClaimsContract } from '@attendance/common/contract/claims';
import { createApp } from '@attendance/common/http/app';
import type { Lifecycle } from '@attendance/common/runtime/lifecycle';
import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import type { Knex } from 'knex';
import { conferenceHandlers } from './routes/index.ts';

const contract = { ...conferenceContract, ...conferenceClaimsContract };

interface ConferenceOptions {
  database: Knex;
  times: Times;
  tokens: readonly string[];
  maxInFlight: number;
  lifecycle: Lifecycle;
  log: Logger;
  metrics: Metrics;
}

/** Conferences and their events, and their owner's copy of the attendance relation. */
export function createConferenceService({ database, times, ...options }: ConferenceOptions) {
  return createApp({
    title: 'Conferences and their events',
    contract,
    handlers: conferenceHandlers({ database, times }),
    // for the gateway, whatever was refused here was certainly not executed
    overload: 'not_executed',
    ...options,
  });
}
