import { main } from '@attendance/common/runtime/main';

main(async () => {
  const { runReconcile } = await import('./runReconcile.ts');
  await runReconcile();
});
