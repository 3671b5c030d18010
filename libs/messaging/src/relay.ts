/** Moves outbox rows to the broker. */
export class Relay {
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
}
