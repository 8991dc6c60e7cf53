import { readConfig, reconcileConfig } from '@attendance/common/runtime/config';
import { createLogger } from '@attendance/common/runtime/logger';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { main } from '@attendance/common/runtime/run';
import { createTimes } from '@attendance/common/times';
import { createOwners } from './owners/owners.ts';
import { createProtocol } from './protocol/protocol.ts';
import type { Mode } from './protocol/reconciler/walk.ts';
import { readArguments, usage, UsageError } from './reconcileArguments.ts';
import { createProgress, describeReport, tellDropped, written } from './reconcileOutput.ts';
import { createWorld } from './world.ts';

/* One walk of the reconciler, by hand or as a Job; `reconcileArguments.ts` has what it says of itself. */
main(async () => {
  try {
    const mode = readArguments(process.argv.slice(2));
    if (mode === 'help') await written(process.stdout, usage);
    else process.exitCode = await reconcile(mode);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await written(process.stderr, `${error.message}\n\n${usage}`);
    process.exitCode = 1;
  }
  // connections to the owners may still be open
  process.exit();
});

/** @returns the exit code */
async function reconcile(mode: Mode): Promise<number> {
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
  const { reconciler } = createProtocol(createWorld({ owners, times, metrics, log }));

  const progress = createProgress(process.stdout);
  const onDropped = tellDropped(process.stderr);
  const report = await reconciler.run({ mode, onProgress: progress.show, onDropped });
  progress.end();
  await written(process.stdout, `${describeReport(report, { mode, listed: !process.stderr.isTTY })}\n`);
  return { reconciled: 0, stopped: 1, wrong_database: 1, unanswered: 2 }[report.outcome];
}
