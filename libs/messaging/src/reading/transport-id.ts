/** Nest binds a handler to a server by this id; a symbol of ours keeps the stock Kafka transport apart. */
export const ATTEST_KAFKA = Symbol.for('attest.kafka');
