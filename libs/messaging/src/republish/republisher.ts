import { setTimeout as pause } from 'node:timers/promises';
import { uuidV7 } from '@attest/contracts';
import { asWork, isPassingFailure, type Database, type Tx } from '@attest/persistence';
import { wordsOf } from '../dead-letters/burial.js';
import { failpoint } from '../failpoint.js';
import { NothingToRepublishError } from '../messaging.errors.js';
import type { Outbox } from '../outbox/outbox.js';
import type { MessagingLogger } from '../ports.js';
import * as runs from './republish-runs.js';
import { Publishers } from './republishing.js';

/** In one transaction: few enough that nobody waits for its locks for long. */
const EVENTS_PER_PAGE = 250;
const LOOK_EVERY_MS = 500;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 30_000;

/**
 * Tells again what the service stands for, so that a reader which is new, or was away longer than topics are kept,
 * learns it. A run is a row: each page commits with its events and with its place, so whichever replica lives does
 * the next one, and a killed run goes on where it was.
 */
export class Republisher {
  readonly publishers = new Publishers();
  private stopping = false;
  private working: Promise<void> = Promise.resolve();
  private stopped = new AbortController();
  private retryMs = FIRST_RETRY_MS;
  /** After pages that could not be told: a smaller one finds its rows free sooner. */
  private halvings = 0;

  constructor(
    private readonly service: string,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly logger: MessagingLogger,
  ) {}

  /** @throws NothingToRepublishError, also where the topic is another's */
  async request(request: runs.RepublishRequest): Promise<runs.RepublishRun> {
    const { topic } = request;
    if (!this.publishers.turnOf(topic, null)) throw new NothingToRepublishError(this.service, topic);
    return this.database.transaction((tx) => runs.addRun(tx, uuidV7(), request));
  }

  list(page: {
    readonly limit: number;
    readonly beforeId?: string | undefined;
  }): Promise<runs.RepublishRun[]> {
    return runs.listRuns(this.database, page);
  }

  start(): void {
    this.stopping = false;
    this.stopped = new AbortController();
    this.working = asWork('job', () => this.work());
  }

  /** After the page that is under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.stopped.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      const told = await this.tellNextPage();
      if (!told)
        await pause(LOOK_EVERY_MS, undefined, { signal: this.stopped.signal, ref: false }).catch(
          () => undefined,
        );
    }
  }

  /** @returns false when no page is due */
  private async tellNextPage(): Promise<boolean> {
    const topics = this.publishers.topics();
    if (topics.length === 0) return false;
    // Known here before its page can fail.
    const due: { run?: runs.DueRun | undefined } = {};
    try {
      await this.database.transaction(async (tx) => {
        due.run = await runs.lockDueRun(tx, topics);
        if (due.run) await this.tellPage(tx, due.run);
      });
      this.retryMs = FIRST_RETRY_MS;
      this.halvings = 0;
      return due.run !== undefined;
    } catch (error) {
      if (due.run) await this.failed(due.run, error).catch(() => undefined);
      else this.logger.debug({ error }, 'runs of republication could not be looked for');
      return false;
    }
  }

  private async tellPage(tx: Tx, run: runs.DueRun): Promise<void> {
    const publisher = this.publishers.turnOf(run.topic, run.publisher);
    if (!publisher) return runs.moveRun(tx, run, { publisher: null, place: null, events: 0 });
    const { events, next } = await publisher.provider.page(tx, {
      // A place is its publisher's own; one that a later release no longer has hands over to the next.
      after: publisher.name === run.publisher ? run.place : null,
      limit: Math.max(1, Math.min(EVENTS_PER_PAGE, run.ratePerSecond) >> Math.min(8, this.halvings)),
      keys: run.keys,
    });
    for (const { definition } of events)
      if (!publisher.types.has(definition.type))
        throw new Error(
          `${publisher.name} tells ${definition.type}, which its @Republishes does not name. Name it there.`,
        );
    await this.outbox.addRepublished(tx, events, run.runId);
    failpoint('republish-before-commit');
    const after = next === null ? this.publishers.after(run.topic, publisher.name) : publisher;
    await runs.moveRun(tx, run, { publisher: after?.name ?? null, place: next, events: events.length });
    if (!after) tx.afterCommit(() => this.logger.info({ runId: run.runId, topic: run.topic }, 'republished'));
  }

  private async failed(run: runs.DueRun, error: unknown): Promise<void> {
    const facts = { error, runId: run.runId, topic: run.topic, publisher: run.publisher };
    if (!isPassingFailure(error)) {
      this.logger.error(facts, 'a republication failed; ask for it anew when what it names is mended');
      const { code, message } = wordsOf(error);
      return runs.failRun(this.database, run.runId, { code, message });
    }
    this.logger.debug(facts, 'a page could not be told now; it is tried again');
    await runs.delayRun(this.database, run.runId, this.retryMs);
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
    this.halvings++;
  }
}
