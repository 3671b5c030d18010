import { eventDefinitions } from './event.js';
import { TOPICS } from './topics.js';

/** The AsyncAPI 3 document of all topics and events, from the same schemas that check them. */
export function renderAsyncApi(): Record<string, unknown> {
  const definitions = [...eventDefinitions().values()];
  const messages = Object.fromEntries(
    definitions.map((d) => [
      d.type,
      {
        name: d.type,
        summary: d.says,
        contentType: 'application/json',
        headers: { $ref: '#/components/schemas/envelope' },
        payload: JSON.parse(JSON.stringify(d.data)) as unknown,
      },
    ]),
  );
  const channels = Object.fromEntries(
    Object.values(TOPICS).map((topic) => [
      topic.name,
      {
        address: topic.name,
        description: `${topic.says}. Key: ${topic.key}. Written by ${topic.writer}.`,
        messages: Object.fromEntries(
          definitions
            .filter((d) => d.topic === topic.name)
            .map((d) => [d.type, { $ref: `#/components/messages/${d.type}` }]),
        ),
        bindings: { kafka: { partitions: topic.partitions } },
      },
    ]),
  );
  const operations = Object.fromEntries(
    Object.values(TOPICS).map((topic) => [
      `publish-${topic.name}`,
      {
        action: 'send',
        channel: { $ref: `#/channels/${topic.name}` },
        summary: `${topic.writer} says: ${topic.says}`,
      },
    ]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Attest events',
      version: '1.0.0',
      description: 'What the services of Attest tell each other. CloudEvents 1.0 in binary mode over Kafka.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: {
      messages,
      schemas: {
        envelope: {
          type: 'object',
          description:
            'CloudEvents 1.0 attributes as Kafka headers; the time is the timestamp of the record, the subject its key.',
          properties: {
            ce_specversion: { const: '1.0' },
            ce_id: { type: 'string', format: 'uuid' },
            ce_source: { type: 'string' },
            ce_type: { type: 'string' },
            ce_aggregateversion: { type: 'string', pattern: '^\\d+$' },
            traceparent: { type: 'string' },
            tracestate: { type: 'string' },
          },
          required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_aggregateversion'],
        },
      },
    },
  };
}
