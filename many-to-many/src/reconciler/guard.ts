/** The most half claims that a scan may drop by itself: this number, or this share of all claims if that is more. */
const mayDrop = { claims: 1_000, share: 0.01 };

/** The most half claims that a guarded scan remembers before it drops any. More of them trip the guard. */
export const mostRemembered = 100_000;

/**
 * Decides whether there are so many half claims that a copy looks lost. Crashes leave few half claims.
 * @returns the reason why a person must accept the drop; null if the scan may drop by itself
 */
export function tooMany({ half, claims }: { half: number; claims: number }): string | null {
  if (half > mostRemembered) return `more than ${mostRemembered} claims are in one copy only`;
  if (half <= mayDrop.claims || half <= mayDrop.share * claims) return null;
  return `${half} of ${claims} claims are in one copy only`;
}
