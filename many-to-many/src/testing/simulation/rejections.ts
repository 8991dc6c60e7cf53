type Listener = (error: unknown) => void;

interface NodeProcess {
  listeners: (event: 'unhandledRejection') => Listener[];
  removeAllListeners: (event: 'unhandledRejection') => void;
  on: (event: 'unhandledRejection', listener: Listener) => void;
  off: (event: 'unhandledRejection', listener: Listener) => void;
}

interface Browser {
  addEventListener: (event: 'unhandledrejection', listener: (event: { reason: unknown }) => void) => void;
  removeEventListener: Browser['addEventListener'];
}

/**
 * Hands over rejections that nobody catches. In Node.js no other listener hears of them meanwhile, since one may end
 * the process.
 * @returns a function that restores the state before
 */
export function catchRejections(caught: Listener): () => void {
  const { process } = globalThis as unknown as { process?: NodeProcess };
  if (!process) return catchInBrowser(caught);
  const before = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', caught);
  return () => {
    process.off('unhandledRejection', caught);
    for (const listener of before) process.on('unhandledRejection', listener);
  };
}

function catchInBrowser(caught: Listener): () => void {
  const browser = globalThis as unknown as Browser;
  const listener = ({ reason }: { reason: unknown }) => caught(reason);
  browser.addEventListener('unhandledrejection', listener);
  return () => browser.removeEventListener('unhandledrejection', listener);
}
