/** The servers that `npm test`, or a stack kept by `--keep`, offers to specs. */
interface TestServers {
  readonly databaseUrl: string;
  readonly brokers: string[];
}

export function testServers(): TestServers {
  const databaseUrl = process.env['ATTEST_TEST_DATABASE_URL'];
  const brokers = process.env['ATTEST_TEST_KAFKA_BROKERS'];
  if (!databaseUrl || !brokers) {
    throw new Error(
      'This spec needs PostgreSQL and Kafka: run it with `npm test -- <path>`, which starts them, or keep them running with `npm test -- --keep`.',
    );
  }
  return { databaseUrl, brokers: brokers.split(',') };
}

/** The brokers (host:port) that all specs share; take topics and groups of your own with `topicPrefix`. */
export function testKafka(): string[] {
  return testServers().brokers;
}
