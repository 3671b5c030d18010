import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { kafkaFiles } from './kafka-files.js';
import { kafkaRights } from './kafka-rights.js';

const rights = kafkaRights(new Map([['messaging-centre', ['declarations']]]));
const files = kafkaFiles(rights);
const folder = mkdtempSync(join(tmpdir(), 'attest-kafka-files-'));
const bash = promisify(execFile);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each right for itself, whoever writes it together with others. */
const EVERY_RIGHT = Object.entries(rights.users)
  .flatMap(([user, granted]) =>
    granted.flatMap(({ resource, name, pattern, operations }) =>
      operations.map((operation) => [user, resource, pattern, name, operation].join(' ')),
    ),
  )
  .sort();

const CALLS = join(folder, 'calls');
const SETTINGS = { BOOTSTRAP: 'kafka.example:9093', CLIENT_CONFIG: 'administrator.properties' };

/** Writes down how Kafka's own tool would have been called: a word on each line, and a bare line after each call. */
function standIn(tool: string): void {
  const text = `#!/bin/sh\nprintf '%s\\n' "$@" '' >>'${CALLS}'\n`;
  writeFileSync(join(folder, tool), text, { mode: 0o755 });
}

async function callsOf(script: string, env: Readonly<Record<string, string>>): Promise<string[][]> {
  writeFileSync(join(folder, script), files.get(script)!);
  writeFileSync(CALLS, '');
  await bash('bash', [join(folder, script)], {
    env: { PATH: `${folder}:${process.env.PATH}`, ...env },
  });
  const calls = readFileSync(CALLS, 'utf8').split('\n\n').slice(0, -1);
  return calls.map((call) => call.split('\n'));
}

const AT_BROKER = {
  'bootstrap-server': { type: 'string' },
  'command-config': { type: 'string' },
} as const;
const SAID_OF_BROKER = {
  'bootstrap-server': SETTINGS.BOOTSTRAP,
  'command-config': SETTINGS.CLIENT_CONFIG,
};

describe("the commands for Kafka's own tools", () => {
  beforeAll(() => ['kafka-acls.sh', 'kafka-topics.sh'].forEach(standIn));

  it('grant each right, and nothing else', async () => {
    const granted = (await callsOf('acls.sh', SETTINGS)).flatMap((args) => {
      const { values } = parseArgs({
        args,
        options: {
          ...AT_BROKER,
          add: { type: 'boolean' },
          'allow-principal': { type: 'string' },
          'resource-pattern-type': { type: 'string' },
          operation: { type: 'string', multiple: true },
          topic: { type: 'string', multiple: true, default: [] },
          group: { type: 'string', multiple: true, default: [] },
        },
      });
      expect(values).toMatchObject({ ...SAID_OF_BROKER, add: true });
      const user = values['allow-principal']!.replace('User:', '');
      return (['topic', 'group'] as const).flatMap((resource) =>
        values[resource].flatMap((name) =>
          values.operation!.map((operation) =>
            [user, resource, values['resource-pattern-type'], name, operation].join(' '),
          ),
        ),
      );
    });
    expect(granted.sort()).toEqual(EVERY_RIGHT);
  });

  it('create each topic with its settings where it is missing', async () => {
    const created = (await callsOf('topics.sh', SETTINGS)).map((args) => {
      const { values } = parseArgs({
        args,
        options: {
          ...AT_BROKER,
          create: { type: 'boolean' },
          'if-not-exists': { type: 'boolean' },
          topic: { type: 'string' },
          partitions: { type: 'string' },
          'replication-factor': { type: 'string' },
          config: { type: 'string', multiple: true },
        },
      });
      expect(values).toMatchObject({ ...SAID_OF_BROKER, create: true, 'if-not-exists': true });
      return {
        name: values.topic,
        partitions: Number(values.partitions),
        replicas: Number(values['replication-factor']),
        config: Object.fromEntries(values.config!.map((setting) => setting.split('='))),
      };
    });
    const byName = (one: { name?: string | undefined }, other: { name?: string | undefined }): number =>
      one.name! < other.name! ? -1 : 1;
    expect(created.sort(byName)).toEqual([...rights.topics].sort(byName));
  });

  it.each(['acls.sh', 'topics.sh'])('say what is missing before anything is done (%s)', async (script) => {
    for (const missing of Object.keys(SETTINGS)) {
      const env = { ...SETTINGS, [missing]: '' };
      await expect(callsOf(script, env)).rejects.toThrow(`${missing}: is not set`);
      expect(readFileSync(CALLS, 'utf8')).toBe('');
    }
  });
});

/** What Strimzi's definitions of kafka.strimzi.io/v1 let stand there, as far as it is used. */
const RESOURCE_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
interface Resource<Spec> {
  readonly metadata: { readonly name: string };
  readonly spec: Spec;
}

function resources<Spec>(file: string, kind: string): Resource<Spec>[] {
  const documents = parseAllDocuments(files.get(file)!, { strict: true, uniqueKeys: true });
  return [...documents].map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    const resource = document.toJS() as Resource<Spec>;
    expect(resource).toEqual({
      apiVersion: 'kafka.strimzi.io/v1',
      kind,
      metadata: {
        name: expect.stringMatching(RESOURCE_NAME),
        labels: { 'strimzi.io/cluster': expect.any(String) },
      },
      spec: expect.any(Object),
    });
    expect(resource.metadata.name.length).toBeLessThanOrEqual(253);
    return resource;
  });
}

describe('the resources for Strimzi', () => {
  it('are users with each right, and nothing else', () => {
    interface User {
      readonly authorization: {
        readonly acls: readonly {
          readonly resource: { readonly type: string; readonly name: string; readonly patternType: string };
          readonly operations: readonly string[];
        }[];
      };
    }
    const users = resources<User>('strimzi-users.yaml', 'KafkaUser');
    const granted = users.flatMap(({ metadata: { name: user }, spec }) => {
      expect(spec).toEqual({
        authentication: { type: 'scram-sha-512' },
        authorization: { type: 'simple', acls: expect.any(Array) },
      });
      return spec.authorization.acls.flatMap(({ resource, operations, ...more }) => {
        expect(more).toEqual({});
        expect(resource).toEqual({
          type: expect.stringMatching(/^(topic|group)$/),
          name: expect.any(String),
          patternType: expect.stringMatching(/^(literal|prefix)$/),
        });
        const pattern = resource.patternType === 'prefix' ? 'prefixed' : 'literal';
        return operations.map((operation) =>
          [user, resource.type, pattern, resource.name, operation].join(' '),
        );
      });
    });
    expect(granted.sort()).toEqual(EVERY_RIGHT);
  });

  it('are each topic with its settings', () => {
    interface Topic {
      readonly partitions: number;
      readonly replicas: number;
      readonly config: Readonly<Record<string, unknown>>;
    }
    const topics = resources<Topic>('strimzi-topics.yaml', 'KafkaTopic').map(({ metadata, spec }) => ({
      name: metadata.name,
      ...spec,
      config: Object.fromEntries(Object.entries(spec.config).map(([key, value]) => [key, String(value)])),
    }));
    expect(topics).toEqual(rights.topics);
  });
});
