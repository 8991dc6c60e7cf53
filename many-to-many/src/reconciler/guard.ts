/** The most half claims that a scan may drop by itself: this number, or this share of all claims if that is more. */
const mayDrop = { claims: 1_000, share: 0.01 };

/** The numbers that the guard counts. */
export interface Counted {
  /** The half claims, and those of them that are of entities that their owner service has marked as deleted. */
  half: number;
  marked: number;
  /** All claims. */
  claims: number;
}

/** The most half claims that a guarded scan remembers before it drops any. More of them trip the guard. */
export const mostRemembered = 100_000;

/**
 * Decides whether there are so many half claims that a copy looks lost. Crashes leave few half claims. Deletions may leave
 * many; an owner service that marks entities as deleted proves with the mark that their claims are missing on purpose.
 * @param limit the most half claims that a scan may drop by itself
 * @returns the reason why a person must accept the drop; null if the scan may drop by itself
 */
export function tooMany({ half, marked, claims }: Counted, limit: number = mayDrop.claims): string | null {
  const unexplained = half - marked;
  if (unexplained > mostRemembered) return `more than ${mostRemembered} claims are in one copy only`;
  if (unexplained <= limit || unexplained <= mayDrop.share * claims) return null;
  return `${unexplained} of ${claims} claims are in one copy only`;
}
