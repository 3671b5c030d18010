import {
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { FileExpectedError, FileNotExpectedError } from './http.errors.js';
import { isFileType, TAKES_FILE, uploadedFile } from './file-body.js';

/** A file goes only where one is taken, and nothing else goes there. Runs after the caller is known. */
@Injectable()
export class FileBodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const isFile = request.body instanceof Readable;
    const takesFile = this.reflector.get<boolean | undefined>(TAKES_FILE, context.getHandler()) === true;
    if (!takesFile) {
      if (!isFile) return true;
      throw isFileType(request.headers['content-type'])
        ? new FileNotExpectedError()
        : new UnsupportedMediaTypeException();
    }
    if (!isFile) throw new FileExpectedError();
    request.body = await uploadedFile(
      request.headers['content-type'],
      request.headers['content-encoding'],
      request.body as Readable,
    );
    return true;
  }
}
