import { isProtectedAddress } from '@attest/auth';
import { ValidateBy } from 'class-validator';

interface KnowsItsEnvironment {
  readonly NODE_ENV?: unknown;
}

/** https, for whoever can change what the issuer says can be anybody; http only within this machine, never in production. */
export const IsIssuerAddress = (): PropertyDecorator =>
  ValidateBy({
    name: 'isIssuerAddress',
    validator: {
      validate: (value, asked) => {
        const { NODE_ENV } = (asked?.object ?? {}) as KnowsItsEnvironment;
        const isAtHome = NODE_ENV === 'development' || NODE_ENV === 'test';
        return typeof value === 'string' && isProtectedAddress(value, isAtHome);
      },
      defaultMessage: () =>
        '$property must be the https address of an OIDC issuer; http is taken only from this machine itself, where NODE_ENV is development or test',
    },
  });
