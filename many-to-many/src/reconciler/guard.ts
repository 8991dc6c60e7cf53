/** What a scan may drop by itself: so many half claims, or this part of all claims where that is more. */
const mayDrop = { claims: 1_000, part: 0.01 };

/** Half claims that a guarded scan remembers before it drops any. More of them trip the guard. */
export const mostRemembered = 100_000;

/**
 * Decides whether there are so many half claims that a copy looks lost. Crashes leave few behind.
 * @returns why a person has to accept the drop; null where none has to
 */
export function tooMany({ half, claims }: { half: number; claims: number }): string | null {
  if (half > mostRemembered) return `more than ${mostRemembered} claims are in one copy only`;
  if (half <= mayDrop.claims || half <= mayDrop.part * claims) return null;
  return `${half} of ${claims} claims are in one copy only`;
}
