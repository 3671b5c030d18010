import {
  BARRIER_ROUTES,
  BarrierRequestedV1,
  newEvent,
  uuidV7,
  type BarrierRouteName,
  type ServiceName,
} from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { Outbox } from '../outbox/outbox.js';

export interface BarrierRequest {
  readonly route: BarrierRouteName;
  /** Past this, it aborts and says who and what was lacking. */
  readonly limitMs: number;
  readonly forPerson?: string | undefined;
}

export interface BarrierState {
  readonly barrierId: string;
  readonly route: BarrierRouteName;
  readonly status: 'waiting' | 'passed' | 'aborted';
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly snapshot: string | null;
  readonly words: string | null;
}

/** Proof that everything committed before a moment has arrived, along a route declared in contracts. */
export class Barriers {
  constructor(
    private readonly service: string,
    private readonly outbox: Outbox,
  ) {}

  /** Asks for a barrier; answers its id. The listener of the route's end hears of it: passed, or aborted and why. */
  async request(tx: Tx, { route, limitMs, forPerson }: BarrierRequest): Promise<string> {
    const barrierId = uuidV7();
    const requestedAt = new Date();
    const expiresAt = new Date(requestedAt.getTime() + limitMs);
    await tx.query(
      `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
      [barrierId, BARRIER_ROUTES[route].name, this.service, requestedAt, expiresAt],
    );
    await this.outbox.add(tx, [
      newEvent(BarrierRequestedV1, {
        barrierId,
        route,
        requestedBy: this.service as ServiceName,
        requestedAt: requestedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        ...(forPerson === undefined ? {} : { forPerson }),
      }),
    ]);
    return barrierId;
  }

  /** Whether this service itself has passed it: everything before it, on the topics that it reads, is applied here. */
  async hasPassed(tx: Pick<Tx, 'query'>, barrierId: string): Promise<boolean> {
    return (await this.find(tx, barrierId))?.status === 'passed';
  }

  async find(tx: Pick<Tx, 'query'>, barrierId: string): Promise<BarrierState | undefined> {
    const { rows } = await tx.query<BarrierState>(
      `SELECT barrier_id AS "barrierId", route, status, requested_at AS "requestedAt", expires_at AS "expiresAt", snapshot, words
       FROM barrier WHERE barrier_id = $1`,
      [barrierId],
    );
    return rows[0];
  }
}
