import { Public } from '@attest/auth';
import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** Holds the document that the start renders on first demand. */
export class ApiDocument {
  #document: object | undefined;
  #render: (() => object) | undefined;

  renderWith(render: () => object): void {
    this.#render = render;
  }

  get(): object {
    return (this.#document ??= this.#render?.() ?? {});
  }
}

@ApiExcludeController()
@Public()
@Controller()
export class OpenApiController {
  constructor(private readonly document: ApiDocument) {}

  @Get('openapi.json')
  read(): object {
    return this.document.get();
  }
}
