import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { swaggerToldAll } from './api-docs.js';

export interface OpenApiOptions {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457; decide by code, never by words',
  required: ['type', 'title', 'status', 'code', 'detail', 'facts'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', examples: ['STALE_VERSION'] },
    detail: { type: 'string' },
    instance: { type: 'string' },
    facts: { type: 'object', additionalProperties: true },
    faults: {
      type: 'array',
      items: { type: 'object', properties: { at: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
};

const UNAVAILABLE = {
  description:
    'Not now: `DATABASE_AWAY`, `DATABASE_BUSY`, `STATEMENT_TOO_LONG` or another code. Nothing is kept under the Idempotency-Key: send the same request again after `Retry-After` seconds.',
  headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } },
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The OpenAPI 3.1 document of an application, the same bytes for the same code. */
export async function openApiDocument(
  app: INestApplication,
  options: OpenApiOptions,
): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await swaggerToldAll();
  const config = new DocumentBuilder()
    .setTitle(options.title)
    .setDescription(options.description)
    .setVersion(options.version)
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  const document = inOpenApi31(SwaggerModule.createDocument(app, config)) as OpenAPIObject;
  const schemas: Record<string, unknown> = { ...document.components?.schemas, Problem: PROBLEM };
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path as Record<string, { responses?: Record<string, unknown> }>)) {
      if (!operation.responses) continue;
      operation.responses['503'] ??= { $ref: '#/components/responses/Unavailable' };
      operation.responses['default'] = {
        description: 'A refusal or a failure, with its code',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      };
    }
  }
  const responses = { ...document.components?.responses, Unavailable: UNAVAILABLE };
  return sorted({ ...document, components: { ...document.components, responses, schemas } } as OpenAPIObject);
}

/** 3.1 is JSON Schema: null is a type there, and `nullable` means nothing. */
function inOpenApi31(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(inOpenApi31);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, inOpenApi31(value)]),
  ) as Record<string, unknown>;
  if (nullable !== true) return nullable === undefined || nullable === false ? rest : { ...rest, nullable };
  if (typeof rest['type'] === 'string') {
    const values = Array.isArray(rest['enum']) ? { enum: [...(rest['enum'] as unknown[]), null] } : {};
    return { ...rest, ...values, type: [rest['type'], 'null'] };
  }
  return { oneOf: [rest, { type: 'null' }] };
}

/** Paths and schemas by name: the order in which classes were loaded must not show in a checked-in file. */
function sorted(document: OpenAPIObject): OpenAPIObject {
  const byName = <T>(o: Record<string, T> | undefined): Record<string, T> =>
    Object.fromEntries(Object.entries(o ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...document,
    paths: byName(document.paths),
    components: { ...document.components, schemas: byName(document.components?.schemas) },
  };
}
