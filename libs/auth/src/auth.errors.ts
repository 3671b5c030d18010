import { AttestError } from '@attest/errors';

export class TokenMissingError extends AttestError {
  constructor() {
    super(
      'TOKEN_MISSING',
      401,
      'This needs an Authorization header with a bearer token. Sign in and send it.',
    );
  }
}

export class TokenExpiredError extends AttestError {
  constructor() {
    super('TOKEN_EXPIRED', 401, 'Your token has expired. Sign in again.');
  }
}

export class TokenNotAcceptedError extends AttestError {
  constructor() {
    super(
      'TOKEN_NOT_ACCEPTED',
      401,
      'The token was not issued for Attest by the issuer that Attest trusts. Sign in there and send the token it gives.',
    );
  }
}

export class AccessTokenNeededError extends AttestError {
  constructor(scope?: string) {
    super(
      'ACCESS_TOKEN_NEEDED',
      401,
      scope === undefined
        ? 'This token is not an access token: its type is not at+jwt. Send the access token, never the ID token.'
        : `This token is not an access token with the scope ${scope}. Ask for the scope and send the access token, never the ID token.`,
    );
  }
}

export class IssuerUnreachableError extends AttestError {
  constructor() {
    super(
      'ISSUER_UNREACHABLE',
      503,
      'The identity provider cannot be reached, so nobody can be let in. Try again in a minute.',
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class RoleMissingError extends AttestError {
  constructor(roles: readonly string[]) {
    super(
      'ROLE_MISSING',
      403,
      `This needs the role ${roles.join(' or ')}. Ask your organisation's administrator for it.`,
      { roles: roles.join(',') },
    );
  }
}

/** Does not exist, or is none of the caller's: which of them, nobody is told. */
export class OrganisationUnknownError extends AttestError {
  constructor(organisationCode: string) {
    super(
      'ORGANISATION_UNKNOWN',
      404,
      `${organisationCode} is not known, or you hold no role for it. Check the code, or ask its administrator for a role.`,
      { organisationCode },
    );
  }
}

/** It is one of the caller's organisations, and what they ask needs another role there. */
export class NotYourOrganisationError extends AttestError {
  constructor(organisationCode: string, roles: readonly string[]) {
    super(
      'NOT_YOUR_ORGANISATION',
      403,
      `You do not hold the role ${roles.join(' or ')} for ${organisationCode} or an organisation above it. Ask its administrator for it.`,
      { organisationCode, roles: roles.join(',') },
    );
  }
}

/** Ends the start: a route that nobody decided about must not be open by accident. */
export class RouteWithoutRuleError extends AttestError {
  constructor(routes: readonly string[]) {
    super('ROUTE_WITHOUT_RULE', 500, `${routes.join(', ')}: put @RequiresRole(…) or @Public() on each.`, {
      routes: routes.length,
    });
  }
}
