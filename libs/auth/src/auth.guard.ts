import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Access } from './access.js';
import { IssuerUnreachableError, TokenMissingError, TokenNotAcceptedError } from './auth.errors.js';
import type { Caller, CallerRequest } from './caller.js';
import { KEY_TIMES } from './issuer-keys.js';
import { ROUTE_RULE, type RouteRule } from './route-rules.js';
import type { TokenVerifier } from './token-verifier.js';

interface Reply {
  header(name: string, value: string): unknown;
}

const BEARER = /^bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i;
const MOST_TOKEN_CHARACTERS = 8_192;

/** Before every handler: proves the token, names the caller, and lets in who holds one of the route's roles. */
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly access: Access,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const rule = this.reflector.getAllAndOverride<RouteRule | undefined>(ROUTE_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule?.public) return true;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    request.caller = await this.#proved(bearerToken(request.headers.authorization), context);
    // The start refuses a route without a rule; should one get through, nobody may.
    await this.access.requireAnywhere(request.caller, rule?.roles ?? []);
    return true;
  }

  async #proved(token: string, context: ExecutionContext): Promise<Caller> {
    try {
      return await this.verifier.verify(token);
    } catch (error) {
      if (error instanceof IssuerUnreachableError)
        context
          .switchToHttp()
          .getResponse<Reply>()
          .header('retry-after', String(KEY_TIMES.restMs / 1_000));
      throw error;
    }
  }
}

function bearerToken(header: string | undefined): string {
  if (header === undefined || header === '') throw new TokenMissingError();
  const token = header.length <= MOST_TOKEN_CHARACTERS ? BEARER.exec(header)?.[1] : undefined;
  if (token === undefined) throw new TokenNotAcceptedError();
  return token;
}
