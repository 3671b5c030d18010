import type * as Swagger from '@nestjs/swagger';

/*
 * What is said of a route or a field for the OpenAPI document, as @nestjs/swagger's decorators of the same names say
 * it. They take hold when the document is made: loading that library is a fifth of a service's start, and hardly any
 * process is ever asked for its document.
 */

type Decorate = (...target: unknown[]) => void;
const said: ((swagger: typeof Swagger) => void)[] = [];

function later<Name extends keyof typeof Swagger>(name: Name): (typeof Swagger)[Name] {
  const decorator =
    (...words: unknown[]): Decorate =>
    (...target) =>
      void said.push((swagger) =>
        (swagger[name] as unknown as (...words: unknown[]) => Decorate)(...words)(...target),
      );
  return decorator as unknown as (typeof Swagger)[Name];
}

export const ApiAcceptedResponse = later('ApiAcceptedResponse');
export const ApiBearerAuth = later('ApiBearerAuth');
export const ApiBody = later('ApiBody');
export const ApiConsumes = later('ApiConsumes');
export const ApiCreatedResponse = later('ApiCreatedResponse');
export const ApiExcludeController = later('ApiExcludeController');
export const ApiHeader = later('ApiHeader');
export const ApiOkResponse = later('ApiOkResponse');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiProduces = later('ApiProduces');
export const ApiProperty = later('ApiProperty');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiResponse = later('ApiResponse');
export const ApiTags = later('ApiTags');
export type ApiResponseSchemaHost = Swagger.ApiResponseSchemaHost;

/** The library, with everything said that was decorated until now. */
export async function swaggerToldAll(): Promise<typeof Swagger> {
  const swagger = await import('@nestjs/swagger');
  for (const say of said) say(swagger);
  said.length = 0;
  return swagger;
}
