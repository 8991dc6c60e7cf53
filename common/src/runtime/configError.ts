/** Names every fault of the configuration. The program prints it and exits. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}
