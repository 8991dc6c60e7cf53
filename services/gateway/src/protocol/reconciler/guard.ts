/** By itself a walk drops at most so many half claims, or this part of all claims where that is more. */
const mayDrop = { claims: 1_000, part: 0.01 };

/** Half claims that a guarded walk keeps in mind before it drops any; where there are more it takes a person too. */
export const mostRemembered = 100_000;

/**
 * So many half claims look like the loss of a copy rather than like what crashes leave behind: why they must not be
 * dropped unless a person accepts it, null where they may.
 */
export function tooMany({ half, claims }: { half: number; claims: number }): string | null {
  if (half > mostRemembered) return `more than ${mostRemembered} claims are in one copy only`;
  if (half <= mayDrop.claims || half <= mayDrop.part * claims) return null;
  return `${half} of ${claims} claims are in one copy only`;
}
