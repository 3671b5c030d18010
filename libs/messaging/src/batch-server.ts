import { ServerKafka, type CustomTransportStrategy } from '@nestjs/microservices';

/** Nest's Kafka server, taking batches instead of messages. */
export class KafkaBatchServer extends ServerKafka implements CustomTransportStrategy {}
