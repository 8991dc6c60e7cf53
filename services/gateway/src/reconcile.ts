import { parseArgs } from 'node:util';
import { readConfig, reconcileConfig } from '@attendance/common/runtime/config';
import { createLogger } from '@attendance/common/runtime/logger';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { main } from '@attendance/common/runtime/run';
import { createTimes } from '@attendance/common/times';
import { createOwners } from './owners/owners.ts';
import { createProtocol } from './protocol/protocol.ts';
import { createProgress, describeReport, tellDropped } from './reconcileOutput.ts';
import { createWorld } from './world.ts';

/*
 * One walk of the reconciler, by hand or as a job: `--dry-run` says what would be dropped, `--accept` drops it however
 * much it is, and introduces the two databases to each other. What is dropped goes to standard error as JSON lines,
 * unless that is a terminal. Exits with 0 where the copies are reconciled, 1 where a person has to look, be it at the
 * copies, the arguments or the environment, 2 where a service did not answer.
 */
main(async () => {
  const options = { 'dry-run': { type: 'boolean' }, accept: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  if (values.accept && values['dry-run']) throw new Error('--dry-run or --accept, not both');
  const mode = values.accept ? 'accept' : values['dry-run'] ? 'dry run' : 'guarded';

  const config = readConfig(reconcileConfig);
  const times = createTimes({ scale: config.TIME_SCALE });
  const metrics = createMetrics({ service: 'reconcile' });
  const owners = createOwners({
    authorUrl: config.AUTHOR_SERVICE_URL,
    conferenceUrl: config.CONFERENCE_SERVICE_URL,
    token: config.SERVICE_TOKEN,
    times,
    metrics,
  });
  const log = createLogger({ service: 'reconcile', level: 'silent' });
  const world = createWorld({ owners, times, metrics, log });
  const events = { ...world.events, dropped: tellDropped(process.stderr) };
  const { reconciler } = createProtocol({ ...world, events });

  const progress = createProgress(process.stdout);
  const report = await reconciler.run({ mode, onProgress: progress.show });
  progress.end();
  process.stdout.write(`${describeReport(report, mode)}\n`);
  process.exit({ reconciled: 0, stopped: 1, wrong_database: 1, unanswered: 2 }[report.outcome]);
});
