import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { TokenMissingError } from './auth.errors.js';

/** Who is calling, proved by their token. What they may do is looked up, never carried. */
export interface Caller {
  readonly personId: string;
}

export interface CallerRequest {
  readonly headers: { readonly authorization?: string | undefined };
  caller?: Caller;
}

/** In a handler's parameters: `@CurrentCaller() caller: Caller`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  // Only a @Public() route gets here without one, and it has no caller to ask for.
  if (!caller) throw new TokenMissingError();
  return caller;
});
