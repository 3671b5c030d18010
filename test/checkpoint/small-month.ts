import { mkdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** One practice's month, driven through HTTP by somebody who expects that any service may die at any moment. */
export interface SmallWorld {
  readonly urls: Readonly<Record<string, string>>;
  readonly folder: string;
  token(personId: string): Promise<string>;
  database(service: string): pg.Pool;
  /** When somebody died last: what waits for them has its time from then. */
  diedAt(): number;
}

interface PaymentFiles {
  readonly items: readonly { readonly fileName: string }[];
}

const OPERATOR = 'operator1.england';
const SERVICE = 'XVI2223';
const ACHIEVEMENT_DATE = '2023-03-31';
const PERIOD = '2026-07';
const FEE_PENCE = 1006n;
const GOAL_WITHIN_MS = 90_000;

/** Acts until the goal is reached; what fails because somebody died is tried again with a key of its own. */
export async function drive(
  goal: string,
  reached: () => Promise<boolean>,
  act: () => Promise<unknown>,
  diedAt: () => number = () => 0,
): Promise<void> {
  const since = Date.now();
  let last: unknown;
  for (;;) {
    try {
      if (await reached()) return;
      last = await act();
      if (await reached()) return;
    } catch (error) {
      if (error instanceof Done) throw error;
      last = error;
    }
    if (Date.now() > Math.max(since, diedAt()) + GOAL_WITHIN_MS)
      throw new Error(`Not reached in ${GOAL_WITHIN_MS / 1000} s: ${goal}; last: ${describe(last)}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

const describe = (value: unknown): string => (value instanceof Error ? value.message : JSON.stringify(value));

export class SmallMonth {
  constructor(private readonly world: SmallWorld) {
    mkdirSync(world.folder, { recursive: true });
  }

  /** Who asks names what the route answers. */
  async send<Body = unknown>(
    personId: string,
    method: string,
    service: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<{ readonly status: number; readonly body: Body }> {
    const answer = await fetch(`${this.world.urls[service]}/api/v1/${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      headers: {
        authorization: `Bearer ${await this.world.token(personId)}`,
        ...(method === 'POST' ? { 'content-type': type, 'idempotency-key': randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: json ? JSON.parse(text) : text };
  }

  private async rows<Row extends pg.QueryResultRow>(
    service: string,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return (await this.world.database(service).query<Row>(sql, values)).rows;
  }

  private async exists(service: string, sql: string, values: unknown[] = []): Promise<boolean> {
    return (await this.rows(service, sql, values)).length > 0;
  }

  private upload(service: string, path: string, csv: string) {
    return this.send(
      service === 'organisations' ? OPERATOR : 'supplier.england',
      'POST',
      service,
      path,
      csv,
      'text/csv',
    );
  }

  /** Organisations, people, agency, service and participation of `practices`. */
  async prepare(practices: readonly string[]): Promise<void> {
    const files: [layout: string, csv: string][] = [
      [
        'practices',
        lines(
          'practice_code,name,region_code,icb_code,sub_icb_code,postcode,open_date,close_date,status,joined_commissioner_date,left_commissioner_date,prescribing_setting',
          practices.map(
            (code) => `${code},MADE-UP SURGERY ${code},XY1,XQA,X1A,ZZ1 1ZZ,1974-04-01,,A,2020-04-01,,4`,
          ),
        ),
      ],
      [
        'practice-pcn-icb',
        lines(
          'practice_code,practice_name,pcn_code,pcn_name,sub_icb_code,icb_code,icb_name,region_code,region_name,supplier,registered_patients',
          practices.map(
            (code) =>
              `${code},MADE-UP SURGERY ${code},XU0001,MADE-UP PCN,X1A,XQA,Made-up Board,XY1,Made-up Region,NONE,9000`,
          ),
        ),
      ],
      [
        'people',
        lines('person_id,name,role,organisation_code,from,to', [
          `${OPERATOR},Operator,NATIONAL_OPERATOR,ENGLAND,2020-01-01,`,
          'supplier.england,Supplier,EXTRACT_SUBMISSION,ENGLAND,2020-01-01,',
          'approver1.xqa,Approver,APPROVAL_MANAGEMENT,XQA,2020-01-01,',
          'finance1.xqa,Finance,FINANCE_MANAGEMENT,XQA,2020-01-01,',
          'agency.pcse,Agency,PAYMENT_AGENCY,PCSE,2020-01-01,',
          ...practices.map(
            (code) => `declarer.${code.toLowerCase()},Declarer,DECLARATION_MANAGEMENT,${code},2020-01-01,`,
          ),
        ]),
      ],
    ];
    // A file describes a day that has been.
    await this.succeed('the clock stands in the window', 'catalogue', 'business-clock', {
      now: '2026-08-12T09:00:00.000Z',
    });
    for (const [layout, csv] of files) {
      await drive(
        `the ${layout} file is imported`,
        async () => false,
        async () => {
          const answer = await this.upload(
            'organisations',
            `organisation-files?layout=${layout}&asAt=2026-07-01&fileName=${layout}.csv`,
            csv,
          );
          if (answer.status < 300) throw new Done();
          return answer;
        },
      ).catch(ignoreDone);
    }
    const know = (service: string) => () =>
      this.exists(service, `SELECT 1 FROM directory_role WHERE person_id = $1 HAVING count(*) > 0`, [
        `declarer.${practices.at(-1)!.toLowerCase()}`,
      ]);
    for (const service of Object.keys(this.world.urls))
      await drive(`${service} knows the people`, know(service), async () => undefined);
    await this.succeed('the agency is published', 'catalogue', 'agencies', {
      agencyCode: 'PCSE',
      name: 'Made-up agency',
      adapter: 'attest-csv',
      label: 'Sent to agency',
    });
    await this.succeed('the service is published', 'catalogue', 'quality-services', document());
    await this.succeed('the service is offered', 'catalogue', 'offers', {
      serviceCode: SERVICE,
      from: '2022-04-01',
      to: '2023-04-01',
      respondBy: '2026-12-31',
      providers: [...practices],
    });
    // A row of a service that is not known yet is rejected, and the same file sent again says nothing new.
    await drive(
      'extraction-intake knows the service',
      () =>
        this.exists('extraction-intake', 'SELECT 1 FROM quality_service WHERE service_code = $1', [SERVICE]),
      async () => undefined,
    );
  }

  /** One practice from its extract to a paid line, with one amended figure on the way. Returns the paid pence. */
  async play(practice: string, count: number): Promise<bigint> {
    const declaration = () =>
      this.rows<{
        declaration_id: string;
        status: string;
        pence: string;
        revision: string;
        declaration_version: string;
      }>(
        'declaration-workflow',
        `SELECT declaration_id, status, pence::text, revision::text, declaration_version::text FROM declaration WHERE organisation_code = $1 AND kind = 'achievement'`,
        [practice],
      ).then((found) => found[0]);
    const at = (status: string, pence?: bigint) => async () => {
      const now = await declaration();
      return now?.status === status && (pence === undefined || BigInt(now.pence) === pence);
    };
    const declarer = `declarer.${practice.toLowerCase()}`;
    const declare = async () => {
      const now = await declaration();
      return this.send(declarer, 'POST', 'declaration-workflow', 'declarations/bulk-declare', {
        items: [{ declarationId: now?.declaration_id, revision: now?.revision }],
      });
    };
    const sign = (person: string, stage: string) => async () => {
      const now = await declaration();
      return this.send(
        person,
        'POST',
        'commissioner-approval',
        `approval-tasks/${now?.declaration_id}/sign`,
        { stage, declarationVersion: now?.declaration_version },
      );
    };
    const extract = (value: number, time: string) => () =>
      this.upload(
        'extraction-intake',
        `extract-files?layout=cqrs&fileName=${practice}-${value}.csv`,
        extractFile(practice, value, time),
      );

    const first = FEE_PENCE * BigInt(count);
    const amended = FEE_PENCE * BigInt(count + 2);
    const reach = (goal: string, reached: () => Promise<boolean>, act: () => Promise<unknown>) =>
      drive(goal, reached, act, () => this.world.diedAt());
    await reach(
      'the figure can be declared',
      at('AWAITING_PROVIDER_APPROVAL', first),
      extract(count, '10:00:00'),
    );
    await reach('it is declared', at('AWAITING_COMMISSIONER_APPROVAL', first), declare);
    await reach(
      'the amended figure reopens it',
      at('AWAITING_PROVIDER_APPROVAL', amended),
      extract(count + 2, '11:00:00'),
    );
    await reach('it is declared again', at('AWAITING_COMMISSIONER_APPROVAL', amended), declare);
    await reach(
      'the commissioner signed',
      at('AWAITING_FINANCE_APPROVAL'),
      sign('approver1.xqa', 'commissioner'),
    );
    await reach('finance signed', at('FINANCIALLY_APPROVED'), sign('finance1.xqa', 'finance'));
    await reach('its line is sealed', at('SENT_TO_AGENCY'), () => this.release());
    await reach('the agency paid', at('PAID'), () => this.acknowledge());
    return BigInt((await declaration())!.pence);
  }

  private async release(): Promise<unknown> {
    const running = await this.exists(
      'payment-export',
      `SELECT 1 FROM release_run WHERE state NOT IN ('sealed', 'aborted')`,
    );
    if (running) return 'a run is under way';
    return this.send(OPERATOR, 'POST', 'payment-export', 'release-runs', {
      paymentPeriod: PERIOD,
      limitSeconds: 20,
      collectSeconds: 10,
    });
  }

  /** The agency answers every line of every file; repeats change nothing. */
  private async acknowledge(): Promise<unknown> {
    const agency = 'agency.pcse';
    const listed = await this.send<PaymentFiles>(agency, 'GET', 'payment-export', 'payment-files?limit=500');
    for (const { fileName } of listed.body.items) {
      const file = await this.send<string>(agency, 'GET', 'payment-export', `payment-files/${fileName}`);
      const [header, ...rows] = file.body
        .trim()
        .split('\n')
        .map((line) => line.split(','));
      const answers = rows.map((cells) => {
        const line = Object.fromEntries(header!.map((name, i) => [name, cells[i]]));
        return [
          fileName,
          line['line_number'],
          line['declaration_id'],
          line['attempt'],
          line['amount_pence'],
          'ACCEPTED',
          '',
          '',
        ].join(',');
      });
      const csv = lines(
        'file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason',
        answers,
      );
      await this.send(
        agency,
        'POST',
        'payment-export',
        `acknowledgement-files?fileName=ack-${fileName}`,
        csv,
        'text/csv',
      );
    }
    return listed.body;
  }

  private async succeed(goal: string, service: string, path: string, body: unknown): Promise<void> {
    await drive(
      goal,
      async () => false,
      async () => {
        const answer = await this.send(OPERATOR, 'POST', service, path, body);
        if (answer.status < 300) throw new Done();
        return answer;
      },
    ).catch(ignoreDone);
  }
}

/** Thrown to leave a drive whose goal is the answer itself. */
class Done extends Error {}
function ignoreDone(error: unknown): void {
  if (!(error instanceof Done)) throw error;
}

const lines = (header: string, rows: readonly string[]): string => [header, ...rows, ''].join('\n');

function extractFile(practice: string, value: number, time: string): string {
  return lines(
    'QUALITY_SERVICE,NAME,ORG_CODE,ACH_DATE,IND_CODE,FIELD_NAME,VALUE,DEFAULT_VALUES_USED,SUBMIT_USER_ID,SUBMIT_DATE,SUBMIT_TIME,LAST_SUBMISSION',
    [
      `${SERVICE},Made-up vaccination,${practice},20230331,XVI001,Numerator,${value},None,cro-processor,05/04/2023,${time},Y`,
    ],
  );
}

function document() {
  return {
    serviceCode: SERVICE,
    name: 'Made-up vaccination 2022/23',
    providerKind: 'practice',
    startOn: '2022-04-01',
    endOn: '2023-04-01',
    collection: 'annual',
    acceptance: 'automatic',
    agencyCode: 'PCSE',
    rulePack: {
      financialYear: '2022/23',
      version: 1,
      fields: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', required: true }],
      ignoredFields: [],
      dependsOn: ['page'],
      calculation: {
        kind: 'item-of-service',
        items: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', feePounds: '10.06' }],
      },
      note: null,
      oldestOpenFinancialYear: '2022/23',
      sources: ['made up for a test'],
      examples: [],
    },
    calendar: [
      {
        achievementDate: ACHIEVEMENT_DATE,
        paymentPeriod: PERIOD,
        opensOn: '2026-08-09',
        providerDeadlineOn: '2026-08-24',
        cutOffAt: '2026-09-10T17:00:00.000Z',
        payOn: '2026-09-20',
      },
    ],
  };
}
