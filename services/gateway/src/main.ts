import { main } from '@attendance/common/runtime/main';

main(async () => {
  const { runGateway } = await import('./runGateway.ts');
  await runGateway();
});
