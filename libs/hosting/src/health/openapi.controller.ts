import { Public } from '@attest/auth';
import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@attest/http';

/** Holds the document that the start renders on first demand. */
export class ApiDocument {
  #document: Promise<object> | undefined;
  #render: (() => Promise<object>) | undefined;

  renderWith(render: () => Promise<object>): void {
    this.#render = render;
  }

  get(): Promise<object> {
    this.#document ??= (this.#render?.() ?? Promise.resolve({})).catch((error: unknown) => {
      // The next who asks tries again.
      this.#document = undefined;
      throw error;
    });
    return this.#document;
  }
}

@ApiExcludeController()
@Public()
@Controller()
export class OpenApiController {
  constructor(private readonly document: ApiDocument) {}

  @Get('openapi.json')
  read(): Promise<object> {
    return this.document.get();
  }
}
