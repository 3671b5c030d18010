import { silentLogger, type MessagingLogger } from '@attest/messaging';

/** Says in the process's log what goes wrong, and nothing else: writing costs what is measured. */
export const tellsFailures: MessagingLogger = {
  ...silentLogger,
  warn: (facts, message) => console.warn(message, facts),
  error: console.error,
};
