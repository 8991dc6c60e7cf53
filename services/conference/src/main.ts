import { createDatabase } from '@attendance/common/database/connect';
import { observePool } from '@attendance/common/database/observe';
import { createReadinessCheck } from '@attendance/common/database/ready';
import { databaseSettings, conferenceConfig, ownerTokens, readConfig } from '@attendance/common/runtime/config';
import { Lifecycle } from '@attendance/common/runtime/lifecycle';
import { createLogger } from '@attendance/common/runtime/logger';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { main, serve } from '@attendance/common/runtime/run';
import { startPurge } from '@attendance/common/copy/startPurge';
import { createTimes } from '@attendance/common/times';
import { createConferenceService } from './app.ts';

main(async () => {
  const config = readConfig(conferenceConfig);
  const times = createTimes({ scale: config.TIME_SCALE });
  const log = createLogger({ service: 'conference', level: config.LOG_LEVEL });
  const metrics = createMetrics({ service: 'conference' });
  const lifecycle = new Lifecycle();

  const settings = databaseSettings(config);
  const database = createDatabase(
    { ...settings, poolMax: config.DATABASE_POOL, applicationName: 'conference-service' },
    times,
  );
  observePool(database, metrics);
  const purge = startPurge({ database, times, log });

  const app = createConferenceService({
    database,
    times,
    tokens: ownerTokens(config),
    maxInFlight: config.MAX_IN_FLIGHT,
    lifecycle,
    log,
    metrics,
  });

  const checkReady = createReadinessCheck(settings, times);
  const close = async () => {
    await purge.stop();
    await database.destroy();
  };
  await serve({ app, config, times, lifecycle, log, metrics, checkReady, close });
});
