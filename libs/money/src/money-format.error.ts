/**
 * Text that is no amount. Carries no value: the text may be anything a file held. This lib imports no other,
 * so whoever parses a file or a request turns it into a rejected row or a problem of its own.
 */
export class MoneyFormatError extends Error {
  constructor(
    readonly code: 'POUNDS_FORMAT' | 'PENCE_FORMAT' | 'DECIMAL_FORMAT',
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'MoneyFormatError';
  }
}
