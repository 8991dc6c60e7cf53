/** Makes the start of a command that runs a program as a user: nothing if it is the current one. */
export function asUser(user: { uid: number; gid: number } | undefined): string[] {
  return user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : [];
}
