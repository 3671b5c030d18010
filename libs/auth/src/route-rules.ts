import { SetMetadata } from '@nestjs/common';
import type { Role } from '@attest/contracts';

export const ROUTE_RULE = 'attest:route-rule';

export type RouteRule =
  { readonly public: true } | { readonly public: false; readonly roles: readonly Role[] };

/**
 * On every route, or on a controller for all of its routes: the caller must hold one of these roles somewhere.
 * For which organisation is the use case's question: `access.require(caller, roles, organisationCode)`.
 */
export const RequiresRole = (...roles: [Role, ...Role[]]): MethodDecorator & ClassDecorator =>
  SetMetadata(ROUTE_RULE, { public: false, roles } satisfies RouteRule);

/** Open to everybody, without a token. For health, metrics and documents alone. */
export const Public = (): MethodDecorator & ClassDecorator =>
  SetMetadata(ROUTE_RULE, { public: true } satisfies RouteRule);
