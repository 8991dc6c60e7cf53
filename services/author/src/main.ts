import { main } from '@attendance/common/runtime/main';

main(async () => {
  const { runOwner } = await import('@attendance/common/runtime/runOwner');
  const { authorService } = await import('./service.ts');
  await runOwner(authorService);
});
