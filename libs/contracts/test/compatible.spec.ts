import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderAsyncApi } from '../src/index.js';

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
}
type Messages = Record<string, { payload: Schema }>;

/** What a reader or writer of the old schema would not survive. */
function breaks(before: Schema, after: Schema, path: string): string[] {
  if (before.type !== after.type) return [`${path}: ${before.type} became ${after.type}`];
  const gone = Object.keys(before.properties ?? {}).filter((name) => !after.properties?.[name]);
  const demanded = (after.required ?? []).filter((name) => !before.required?.includes(name));
  const inside = Object.entries(before.properties ?? {})
    .filter(([name]) => after.properties?.[name])
    .flatMap(([name, schema]) => breaks(schema, after.properties![name]!, `${path}/${name}`));
  const items = before.items && after.items ? breaks(before.items, after.items, `${path}/*`) : [];
  return [
    ...gone.map((name) => `${path}/${name} is gone`),
    ...demanded.map((name) => `${path}/${name} is demanded now`),
    ...inside,
    ...items,
  ];
}

const file = new URL('../../../docs/reference/asyncapi.json', import.meta.url);

describe('contracts', () => {
  it('change only in ways that readers of the published document survive', () => {
    expect(existsSync(file)).toBe(true);
    const before = (JSON.parse(readFileSync(file, 'utf8')) as { components: { messages: Messages } })
      .components.messages;
    const after = (renderAsyncApi()['components'] as { messages: Messages }).messages;
    const broken = Object.entries(before).flatMap(([type, message]) =>
      after[type] ? breaks(message.payload, after[type].payload, type) : [`${type} is gone`],
    );
    expect(broken).toEqual([]);
  });

  it.each([
    [
      'a field that is gone',
      { type: 'object', properties: { a: { type: 'string' } } },
      { type: 'object', properties: {} },
    ],
    [
      'a field that is demanded now',
      { type: 'object', properties: {} },
      { type: 'object', properties: { a: {} }, required: ['a'] },
    ],
    ['another type', { type: 'string' }, { type: 'integer' }],
  ])('%s would be refused', (_, before, after) => {
    expect(breaks(before as Schema, after as Schema, '')).toHaveLength(1);
  });
});
