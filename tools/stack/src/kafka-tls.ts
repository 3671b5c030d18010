// A Kafka that is reached only over TLS: its certificates, its users, and what each of them may do.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureTopics, silentLogger, TopicNames } from '@attest/messaging';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  quietKafka,
  ResourcePatternTypes,
  type Admin,
  type KafkaAccess,
} from '@attest/messaging/kafka';
import { CannotStart } from './cannot-start.js';
import { certificateAuthority } from './certificates.js';
import { KAFKA_OPERATOR, type KafkaTlsWay } from './kafka-door.js';
import { openFolder, projectFolder } from './paths.js';
import { localSecret } from './secrets.js';

/** The user that brokers are to one another. */
const BROKER = 'attest-broker';
const OBEYED_WITHIN_MS = 30_000;

/** What `deploy/kafka/rights.json` grants, made from contracts by tools/docs: a cluster's rights are the local ones. */
interface Rights {
  readonly topics: readonly { readonly name: string }[];
  readonly users: Readonly<
    Record<
      string,
      readonly {
        readonly resource: 'topic' | 'group';
        readonly name: string;
        readonly pattern: 'literal' | 'prefixed';
        readonly operations: readonly ('Describe' | 'Read' | 'Write' | 'Delete')[];
      }[]
    >
  >;
}
const readRights = (): Rights =>
  JSON.parse(readFileSync(join(projectFolder, 'deploy', 'kafka', 'rights.json'), 'utf8')) as Rights;

export interface LocalTls {
  /** Of every node, beside its listeners. */
  readonly properties: Readonly<Record<string, string>>;
  /** What formatting an empty store takes: the users with their passwords. */
  readonly users: readonly string[];
  accessOf(user: string, way: KafkaTlsWay): KafkaAccess;
}

/**
 * Makes the files of a start beneath the folder, for its owner alone. Certificates are new each time; passwords stay,
 * because the broker keeps what it made of them when its store was formatted.
 */
export async function makeLocalTls(folder: string): Promise<LocalTls> {
  const authority = await certificateAuthority();
  const users = [...Object.keys(readRights().users), KAFKA_OPERATOR];
  const files = join(folder, 'tls');
  rmSync(files, { recursive: true, force: true });
  openFolder(files);
  const write = (name: string, text: string): string => {
    const file = join(files, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const caFile = write('ca.pem', authority.certificate);
  const broker = await authority.issue(BROKER);
  const passwords = new Map(users.map((user) => [user, localSecret(folder, `kafka-${user}`)]));
  for (const [user, password] of passwords) {
    const { certificate, key } = await authority.issue(user);
    write(`${user}.pem`, certificate);
    write(`${user}.key`, key);
    write(`${user}.password`, `${password}\n`);
  }
  const at = (name: string): string => join(files, name);
  return {
    properties: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': write('broker.pem', `${broker.key}${broker.certificate}`),
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': caFile,
      'ssl.client.auth': 'required',
      'listener.name.scram.ssl.client.auth': 'none',
      // The user of a certificate is its common name, so both ways lead to the same rights.
      'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+).*$/$1/,DEFAULT',
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.scram.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': `User:${BROKER};User:${KAFKA_OPERATOR}`,
    },
    users: [...passwords].flatMap(([user, password]) => [
      '--add-scram',
      `SCRAM-SHA-512=[name=${user},password=${password}]`,
    ]),
    accessOf: (user, way) =>
      way === 'scram'
        ? { caFile, username: user, passwordFile: at(`${user}.password`) }
        : { caFile, certFile: at(`${user}.pem`), keyFile: at(`${user}.key`) },
  };
}

/** What a platform team does once, as `deploy/kafka/README.md` says: topics and rights. Doing it again changes nothing. */
export async function grantRights(brokers: readonly string[], operator: KafkaAccess): Promise<void> {
  const { topics, users } = readRights();
  await ensureTopics({
    brokers,
    access: operator,
    names: new TopicNames(),
    logger: silentLogger,
    topics: topics.map(({ name }) => name),
  });
  const admin = quietKafka({ brokers: [...brokers], access: operator, clientId: 'attest-local' }).admin();
  await admin.connect();
  try {
    const acl = aclsOf(users);
    await admin.createAcls({ acl });
    // The controller has them; a broker obeys them a moment later.
    for (const giveUpAt = Date.now() + OBEYED_WITHIN_MS; ; await pause(30)) {
      const obeyed = await obeyedRights(admin);
      if (acl.every((right) => obeyed.has(wordsOf(right)))) return;
      if (Date.now() > giveUpAt) throw new CannotStart('Kafka did not take over the rights of deploy/kafka.');
    }
  } finally {
    await admin.disconnect();
  }
}

const aclsOf = (users: Rights['users']) =>
  Object.entries(users).flatMap(([user, rights]) =>
    rights.flatMap(({ resource, name, pattern, operations }) =>
      operations.map((operation) => ({
        principal: `User:${user}`,
        host: '*',
        operation: OPERATIONS[operation],
        permissionType: AclPermissionTypes.ALLOW,
        resourceType: resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
        resourceName: name,
        resourcePatternType:
          pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
      })),
    ),
  );

/** Also those that an earlier start granted and nobody grants any more. */
async function obeyedRights(admin: Admin): Promise<Set<string>> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  return new Set(resources.flatMap(({ acls, ...on }) => acls.map((right) => wordsOf({ ...on, ...right }))));
}

const wordsOf = (right: Parameters<Admin['createAcls']>[0]['acl'][number]): string =>
  [right.principal, right.operation, right.resourceType, right.resourcePatternType, right.resourceName].join(
    ' ',
  );

const OPERATIONS = {
  Describe: AclOperationTypes.DESCRIBE,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Delete: AclOperationTypes.DELETE,
} as const;
