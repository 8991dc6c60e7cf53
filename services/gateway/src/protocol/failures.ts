/** A call that certainly changed nothing: it was never written, or the owner said so with code `not_executed`. */
export class NotExecuted extends Error {
  override name = 'NotExecuted';
}

/** A kept-alive socket broke under the call: its outcome is unknown, and it may be repeated at once. */
export class ConnectionReset extends Error {
  override name = 'ConnectionReset';
}
