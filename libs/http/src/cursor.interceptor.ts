import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { bindCursor, unbindCursor } from './paging.js';

type Query = Record<string, string | string[] | undefined>;

/**
 * Binds every cursor that a list gives to that list and its filters, and refuses any other before the list is asked:
 * on all lists alike, whatever they are ordered by.
 */
export class CursorInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (request.method !== 'GET') return next.handle();
    const list = listOf(request);
    const query = request.query as Query;
    if (typeof query['cursor'] === 'string') query['cursor'] = unbindCursor(query['cursor'], list);
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: unknown) => {
        // A list that is given as CSV tells it in a header.
        const told = reply.getHeader('next-cursor');
        if (typeof told === 'string') void reply.header('next-cursor', bindCursor(told, list));
        return bound(body, list);
      }),
    );
  }
}

/** The address with what the list is filtered by; a page may be of another length than the one before. */
function listOf({ url, query }: FastifyRequest): string {
  const filters = Object.entries(query as Query)
    .filter(([name]) => name !== 'cursor' && name !== 'limit')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([url.split('?')[0], filters]);
}

/** A page, or an answer that holds one. */
function bound(body: unknown, list: string, within = true): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  if ('nextCursor' in body && typeof body.nextCursor === 'string')
    return { ...body, nextCursor: bindCursor(body.nextCursor, list) };
  if (!within || Object.getPrototypeOf(body) !== Object.prototype) return body;
  const held = Object.entries(body).find(([, value]) => isPage(value));
  return held ? { ...body, [held[0]]: bound(held[1], list, false) } : body;
}

const isPage = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'nextCursor' in value && 'items' in value;
