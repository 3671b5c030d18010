import { type NewEvent } from '@attest/contracts';
import {
  eventually,
  startServiceUnderTest,
  type Json,
  type SeenEvent,
  type ServiceUnderTest,
  type StartableService,
} from '@attest/testing';
import { declarationWorkflow } from '../src/index.js';
import {} from './neighbours.js';

/** Long enough for a machine that is busy with something else. */
export const soon = <T>(condition: () => T | Promise<T>) =>
  eventually(condition, { withinMs: 20_000, everyMs: 20 });

export interface World {
  readonly service: ServiceUnderTest;
  readonly told: readonly SeenEvent[];
  tell(...events: NewEvent[]): Promise<void>;
  /** The declaration of an organisation and service, once there is one that fits. */
  declarationOf(
    serviceCode: string,
    organisationCode: string,
    fits?: (row: Row) => boolean,
    kind?: string,
  ): Promise<Row>;
  byId(declarationId: string, fits: (row: Row) => boolean): Promise<Row>;
  events(declarationId: string): string[];
  /** The header for what binds the revision that stands now. */
  ifMatch(declarationId: string): Promise<{ 'if-match': string }>;
  /** Declared by `declarer` through HTTP. */
  declare(
    declarationId: string,
    body?: object,
    person?: string,
    revision?: number,
  ): ReturnType<ServiceUnderTest['post']>;
}

export interface Row {
  readonly declaration_id: string;
  readonly status: string;
  readonly revision: string;
  readonly declaration_version: string;
  readonly pence: string;
  readonly attempt: number;
  readonly holds: Json[];
  readonly required: Record<string, number>;
  readonly awaiting: object | null;
  readonly blocked: object | null;
  readonly late: boolean;
  readonly payment_period: string;
  readonly commissioner_code: string;
  readonly status_code: string | null;
  readonly run_id: string | null;
  readonly figure_revision: string;
  readonly declared_by: string | null;
  readonly policy: object | null;
}

export async function startWorld(
  more: Record<string, string> = {},
  startable: StartableService = declarationWorkflow,
): Promise<World> {
  const service = await startServiceUnderTest(startable, more);
  const told = await service.topics.collect('declarations');
  const practices = Array.from({ length: 9 }, (_, at) => `X0000${at + 1}`);
  await service.know(
    [
      { code: 'XQA', kind: 'commissioner', ancestors: ['ENGLAND'] },
      { code: 'XQB', kind: 'commissioner', ancestors: ['ENGLAND'] },
      ...practices.map((code) => ({
        code,
        kind: 'practice' as const,
        commissionerCode: 'XQA',
        ancestors: ['XQA', 'ENGLAND'],
      })),
      ...['XP1', 'XP2', 'XP3'].map((code) => ({
        code,
        kind: 'pcn' as const,
        commissionerCode: 'XQA',
        ancestors: ['XQA', 'ENGLAND'],
      })),
    ],
    [
      ...practices.map((code) => ({
        personId: 'declarer',
        role: 'DECLARATION_MANAGEMENT' as const,
        organisationCode: code,
      })),
      ...['XP1', 'XP2', 'XP3'].map((code) => ({
        personId: 'declarer',
        role: 'DECLARATION_MANAGEMENT' as const,
        organisationCode: code,
      })),
      { personId: 'neighbour', role: 'DECLARATION_MANAGEMENT', organisationCode: 'X00002' },
      { personId: 'helper', role: 'DECLARATION_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'second', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'foreigner', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQB' },
      { personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
    ],
  );
  const one = async (
    condition: string,
    values: unknown[],
    fits: (row: Row) => boolean,
    what: string,
  ): Promise<Row> => {
    let last: Row | undefined;
    try {
      return await eventually(
        async () => {
          const { rows } = await service.database.query<Row>(
            `SELECT d.* FROM declaration d WHERE ${condition} ORDER BY declaration_id DESC LIMIT 1`,
            values,
          );
          last = rows[0];
          return last && fits(last) ? last : undefined;
        },
        { withinMs: 20_000, everyMs: 20 },
      );
    } catch (error) {
      throw new Error(`${what} never fitted; it is ${JSON.stringify(last)}`, { cause: error });
    }
  };
  return {
    service,
    told,
    tell: (...events) => service.topics.publish(events),
    declarationOf: (serviceCode, organisationCode, fits = () => true, kind = 'achievement') =>
      one(
        'service_code = $1 AND organisation_code = $2 AND kind = $3',
        [serviceCode, organisationCode, kind],
        fits,
        `${kind} ${serviceCode} of ${organisationCode}`,
      ),
    byId: (declarationId, fits) => one('declaration_id = $1', [declarationId], fits, declarationId),
    events: (declarationId) =>
      told
        .filter((event) => event.key === declarationId)
        .map((event) => event.type.replace(/^declaration\.|\.v1$/g, '')),
    ifMatch: async (declarationId) => ({
      'if-match': `"${(await one('declaration_id = $1', [declarationId], () => true, declarationId)).revision}"`,
    }),
    declare: (declarationId, body = {}, person = 'declarer', revision = 1) =>
      service.post(person, `declarations/${declarationId}/declare`, body, { 'if-match': `"${revision}"` }),
  };
}
