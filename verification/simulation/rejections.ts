/**
 * Hands over what is rejected and nobody catches, instead of to whoever would end the process for it.
 * @returns what makes it as it was before
 */
export function catchRejections(caught: (error: unknown) => void): () => void {
  const before = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', caught);
  return () => {
    process.off('unhandledRejection', caught);
    for (const listener of before) process.on('unhandledRejection', listener);
  };
}
