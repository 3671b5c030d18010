import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { FileExpectedError, FileNotExpectedError } from './http.errors.js';
import { TAKES_FILE, uploadedFile } from './file-body.js';

/** A file goes only where one is taken, and nothing else goes there. Runs after the caller is known. */
@Injectable()
export class FileBodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const isFile = request.body instanceof Readable;
    const takesFile = this.reflector.get<boolean | undefined>(TAKES_FILE, context.getHandler()) === true;
    if (isFile && !takesFile) throw new FileNotExpectedError();
    if (takesFile) {
      if (!isFile) throw new FileExpectedError();
      request.body = uploadedFile(
        request.headers['content-type'],
        request.headers['content-encoding'],
        request.body as Readable,
      );
    }
    return true;
  }
}
