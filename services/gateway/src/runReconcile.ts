import { readConfig, reconcileConfig, serviceToken } from '@attendance/common/runtime/config';
import { ConfigError } from '@attendance/common/runtime/configError';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import type { Mode } from 'many-to-many';
import { createAttendance } from './attendance.ts';
import { createOwnerServices } from './ownerServices.ts';
import { readArguments, usage, UsageError } from './reconcileArguments.ts';
import { createProgress, describeReport, writeDrops, written } from './reconcileOutput.ts';

/** Runs one scan by hand, or as a Job, then ends the process. `reconcileArguments.ts` has its usage. */
export async function runReconcile(): Promise<never> {
  try {
    const mode = readArguments(process.argv.slice(2));
    if (mode === 'help') await written(process.stdout, usage);
    else process.exitCode = await reconcile(mode);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await written(process.stderr, `${error.message}\n\n${usage}`);
    process.exitCode = 1;
  }
  // connections to the owner services may still be open
  process.exit();
}

/** @returns the exit code */
async function reconcile(mode: Mode): Promise<number> {
  const config = readConfig(reconcileConfig);
  const times = createTimes({ scale: config.TIME_SCALE });
  const { author, conference } = createOwnerServices({
    authorUrl: config.AUTHOR_SERVICE_URL,
    conferenceUrl: config.CONFERENCE_SERVICE_URL,
    token: serviceToken(config),
    times,
    metrics: createMetrics({ service: 'reconcile' }),
  });
  for (const { agreement } of [author, conference]) {
    await agreement.compare();
    if (agreement.fault !== undefined) throw new ConfigError(`Invalid configuration:\n  ${agreement.fault}`);
  }
  const { reconciler } = createAttendance({ author: author.operations, conference: conference.operations, times });

  const progress = createProgress(process.stdout);
  const onDropped = writeDrops(process.stderr);
  const report = await reconciler.run({ mode, onProgress: progress.show, onDropped });
  progress.end();
  await written(process.stdout, `${describeReport(report, { mode, listed: !process.stderr.isTTY })}\n`);
  return { reconciled: 0, tripped: 1, wrong_database: 1, unanswered: 2 }[report.outcome];
}
