import { gatewayConfig, readConfig, serviceToken } from '@attendance/common/runtime/config';
import { Lifecycle } from '@attendance/common/runtime/lifecycle';
import { createLogger } from '@attendance/common/runtime/logger';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { serve } from '@attendance/common/runtime/serve';
import { createTimes } from '@attendance/common/times';
import { createGateway } from './app.ts';
import { createAttendance } from './attendance.ts';
import { observeRelation } from './observeRelation.ts';
import { createOwnerServices } from './ownerServices.ts';

/** Runs the gateway until it is told to stop: reads its configuration, connects, listens. */
export async function runGateway(): Promise<void> {
  const config = readConfig(gatewayConfig);
  const times = createTimes({ scale: config.TIME_SCALE });
  const log = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const metrics = createMetrics({ service: 'gateway' });
  const lifecycle = new Lifecycle();

  const owners = createOwnerServices({
    authorUrl: config.AUTHOR_SERVICE_URL,
    conferenceUrl: config.CONFERENCE_SERVICE_URL,
    token: serviceToken(config),
    times,
    metrics,
    log,
  });
  const agreements = [owners.author.agreement, owners.conference.agreement];
  for (const agreement of agreements) agreement.start();
  const attendance = createAttendance({
    author: owners.author.operations,
    conference: owners.conference.operations,
    times,
    events: observeRelation({ times, metrics, log }),
  });
  const { MAX_IN_FLIGHT: maxInFlight, BASE_PATH: basePath } = config;
  const app = createGateway({ attendance, owners, times, maxInFlight, basePath, lifecycle, log, metrics });

  if (config.RECONCILE) attendance.reconciler.start();
  const close = async () => {
    for (const agreement of agreements) agreement.stop();
    await attendance.reconciler.stop();
    await attendance.idle();
  };
  const checkReady = async () => {
    await Promise.all(agreements.map((agreement) => agreement.check()));
  };
  await serve({ app, config, times, lifecycle, log, metrics, checkReady, close });
}
