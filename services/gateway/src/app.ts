import { attendanceContract } from '@attendance/common/contract/attendance';
import { authorContract } from '@attendance/common/contract/author';
import { conferenceContract } from '@attendance/common/contract/conference';
import { createApp } from '@attendance/common/http/app';
import type { Lifecycle } from '@attendance/common/runtime/lifecycle';
import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import type { Attendance } from './attendance.ts';
import type { OwnerServices } from './ownerServices.ts';
import { attendanceHandlers } from './routes/attendance.ts';
import { serveDocs } from './routes/docs.ts';
import { relay } from './routes/relay.ts';

const contract = { ...authorContract, ...conferenceContract, ...attendanceContract };

interface GatewayOptions {
  attendance: Attendance;
  owners: OwnerServices;
  maxInFlight: number;
  times: Times;
  basePath?: string | undefined;
  lifecycle: Lifecycle;
  log: Logger;
  metrics: Metrics;
}

/** The public API. */
export function createGateway({ attendance, owners, ...options }: GatewayOptions) {
  const app = createApp({
    title: 'Attendance',
    contract,
    handlers: {
      ...relay(authorContract, owners.author.entities),
      ...relay(conferenceContract, owners.conference.entities),
      ...attendanceHandlers(attendance),
    },
    tokens: () => [],
    overload: 'overloaded',
    ...options,
  });
  serveDocs(app.router);
  return app;
}
