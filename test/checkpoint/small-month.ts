import { AskedServices } from './asked-services.js';
import { Done, drive, ignoreDone } from './drive.js';
import type { LocalServices } from './local-services.js';
import { csv, organisationFiles, type MadeUpPerson } from './made-up-files.js';
import { vaccination } from './made-up-services.js';

interface PaymentFiles {
  readonly items: readonly { readonly fileName: string }[];
}

const OPERATOR = 'operator1.england';
const SERVICE = 'XVI2223';
const ACHIEVEMENT_DATE = '2023-03-31';
const PERIOD = '2026-07';
const FEE_PENCE = 1006n;

/** One practice's month, driven through HTTP by somebody who expects that any service may die at any moment. */
export class SmallMonth {
  readonly asked: AskedServices;

  constructor(private readonly services: LocalServices) {
    // Who is asked may have died, and is asked again.
    this.asked = new AskedServices(services, 10_000);
  }

  private async exists(service: string, sql: string, values: unknown[] = []): Promise<boolean> {
    return (await this.asked.rows(service, sql, values)).length > 0;
  }

  private upload(service: string, path: string, csv: string) {
    return this.asked.send(
      service === 'organisations' ? OPERATOR : 'supplier.england',
      'POST',
      service,
      path,
      csv,
    );
  }

  /** Organisations, people, agency, service and participation of `practices`. */
  async prepare(practices: readonly string[]): Promise<void> {
    const files = organisationFiles(
      practices.map((code) => ({ code, pcn: 'XU0001', patients: 9_000 })),
      [
        person(OPERATOR, 'NATIONAL_OPERATOR', 'ENGLAND'),
        person('supplier.england', 'EXTRACT_SUBMISSION', 'ENGLAND'),
        person('approver1.xqa', 'APPROVAL_MANAGEMENT', 'XQA'),
        person('finance1.xqa', 'FINANCE_MANAGEMENT', 'XQA'),
        person('agency.pcse', 'PAYMENT_AGENCY', 'PCSE'),
        ...practices.map((code) => person(`declarer.${code.toLowerCase()}`, 'DECLARATION_MANAGEMENT', code)),
      ],
    );
    // A file describes a day that has been.
    await this.succeed('the clock stands in the window', 'catalogue', 'business-clock', {
      now: '2026-08-12T09:00:00.000Z',
    });
    for (const [layout, file] of files) {
      await drive(
        `the ${layout} file is imported`,
        async () => false,
        async () => {
          const answer = await this.upload(
            'organisations',
            `organisation-files?layout=${layout}&asAt=2026-07-01&fileName=${layout}.csv`,
            file,
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
    for (const service of Object.keys(this.services.urls))
      await drive(`${service} knows the people`, know(service), async () => undefined);
    await this.succeed('the agency is published', 'catalogue', 'agencies', {
      agencyCode: 'PCSE',
      name: 'Made-up agency',
      adapter: 'attest-csv',
      label: 'Sent to agency',
    });
    await this.succeed(
      'the service is published',
      'catalogue',
      'quality-services',
      vaccination(SERVICE, ACHIEVEMENT_DATE),
    );
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
      this.asked
        .rows<{
          declaration_id: string;
          status: string;
          pence: string;
          revision: string;
          declaration_version: string;
        }>(
          'declaration-workflow',
          `SELECT declaration_id, status, pence::text, revision::text, declaration_version::text FROM declaration WHERE organisation_code = $1 AND kind = 'achievement'`,
          [practice],
        )
        .then((found) => found[0]);
    const at = (status: string, pence?: bigint) => async () => {
      const now = await declaration();
      return now?.status === status && (pence === undefined || BigInt(now.pence) === pence);
    };
    const declarer = `declarer.${practice.toLowerCase()}`;
    const declare = async () => {
      const now = await declaration();
      return this.asked.send(declarer, 'POST', 'declaration-workflow', 'declarations/bulk-declare', {
        items: [{ declarationId: now?.declaration_id, revision: now?.revision }],
      });
    };
    const sign = (person: string, stage: string) => async () => {
      const now = await declaration();
      return this.asked.send(
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
      drive(goal, reached, act, () => this.services.diedAt());
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
    return this.asked.send(OPERATOR, 'POST', 'payment-export', 'release-runs', {
      paymentPeriod: PERIOD,
      limitSeconds: 20,
      collectSeconds: 10,
    });
  }

  /** The agency answers every line of every file; repeats change nothing. */
  private async acknowledge(): Promise<unknown> {
    const agency = 'agency.pcse';
    const listed = await this.asked.send<PaymentFiles>(
      agency,
      'GET',
      'payment-export',
      'payment-files?limit=500',
    );
    for (const { fileName } of listed.body.items) {
      const file = await this.asked.send<string>(
        agency,
        'GET',
        'payment-export',
        `payment-files/${fileName}`,
      );
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
      const answered = csv(
        'file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason',
        answers,
      );
      await this.asked.send(
        agency,
        'POST',
        'payment-export',
        `acknowledgement-files?fileName=ack-${fileName}`,
        answered,
      );
    }
    return listed.body;
  }

  private async succeed(goal: string, service: string, path: string, body: unknown): Promise<void> {
    await drive(
      goal,
      async () => false,
      async () => {
        const answer = await this.asked.send(OPERATOR, 'POST', service, path, body);
        if (answer.status < 300) throw new Done();
        return answer;
      },
    ).catch(ignoreDone);
  }
}

function extractFile(practice: string, value: number, time: string): string {
  return csv(
    'QUALITY_SERVICE,NAME,ORG_CODE,ACH_DATE,IND_CODE,FIELD_NAME,VALUE,DEFAULT_VALUES_USED,SUBMIT_USER_ID,SUBMIT_DATE,SUBMIT_TIME,LAST_SUBMISSION',
    [
      `${SERVICE},Made-up vaccination,${practice},20230331,XVI001,Numerator,${value},None,cro-processor,05/04/2023,${time},Y`,
    ],
  );
}

const person = (personId: string, role: string, organisationCode: string): MadeUpPerson => ({
  personId,
  role,
  organisationCode,
});
