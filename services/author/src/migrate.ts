import { main } from '@attendance/common/runtime/main';

main(async () => {
  const { runMigrations } = await import('@attendance/common/runtime/runMigrations');
  const { authorMigrations } = await import('@attendance/migrations/author/index');
  await runMigrations('author', authorMigrations);
});
