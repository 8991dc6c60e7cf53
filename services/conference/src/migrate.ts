import { main } from '@attendance/common/runtime/main';

main(async () => {
  const { runMigrations } = await import('@attendance/common/runtime/runMigrations');
  const { conferenceMigrations } = await import('@attendance/migrations/conference/index');
  await runMigrations('conference', conferenceMigrations);
});
