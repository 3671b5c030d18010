import kafkajs from 'kafkajs';
import { encodeFast } from './fast-records.js';

/**
 * The only door to kafkajs. Messaging and all who look beside it (health, specs, tools, measurements) take the client
 * and its types from here, so that another client would have to be fitted in one folder.
 */
export {
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type Consumer,
  type ConsumerCrashEvent,
  type ConsumerGroupJoinEvent,
  type EachBatchPayload,
  type IHeaders,
  type KafkaMessage,
  type Message,
  type Producer,
  type RetryOptions,
} from 'kafkajs';
export { accessFaults, KAFKA_SECURITY, type KafkaAccess, type KafkaSecurity } from './access.js';
export {
  connectedAdmin,
  isBrokerAway,
  isFromKafka,
  kafkaClient,
  kafkaConfig,
  quietKafka,
  type KafkaClientOptions,
} from './kafka-client.js';
export { hasToJoinAgain } from './group-errors.js';
export { topicConfig } from './topic-config.js';

// Node does not find these names in kafkajs' CommonJS.
export const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

encodeFast();
