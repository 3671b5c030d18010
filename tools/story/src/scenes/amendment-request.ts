// A practice finds its extracted values wrong and asks for others; its board sees both in values and pounds, and accepts.
import type { DeclarationStatus } from '@attest/contracts';
import { ITEM_ACHIEVEMENT_DATE } from '@attest/england/item-services';
import { until } from '@attest/stack/http-client';
import { declareAll } from '../declarations.js';
import { named, pounds as inPounds, type Names } from '../words.js';
import type { World } from '../world.js';
import { itemService } from './item-service.js';

export interface AmendmentRequest {
  readonly practice: string;
  readonly board: string;
  readonly service: string;
  readonly names: Names;
  readonly penceBefore: string;
  readonly penceShown: string;
  readonly penceAfter: string;
}

interface Asking {
  readonly practice: string;
  readonly board: string;
  readonly status: DeclarationStatus;
  readonly pence: string;
}

/** A practice's values for one service and date, in all versions. */
interface PageOfValues {
  readonly versions: readonly {
    readonly values: readonly {
      readonly indicatorCode: string;
      readonly fieldName: string;
      readonly value: string | number;
    }[];
  }[];
}

interface Amendment {
  readonly amendmentId: string;
  readonly amendmentVersion: number;
  readonly pounds: { readonly newPence: string };
}

export const title = 'A practice asks for other values, and its commissioner accepts';

export async function run(world: World): Promise<AmendmentRequest> {
  const { serviceCode, indicatorCode } = itemService(1);
  const find = async (): Promise<Asking> => {
    const [first] = await world.rows<Asking>(
      'declaration-workflow',
      `SELECT organisation_code AS practice, commissioner_code AS board, status, pence::text FROM declaration
        WHERE service_code = $1 AND kind = 'achievement' ORDER BY organisation_code LIMIT 1`,
      [serviceCode],
    );
    if (!first) throw new Error(`Nobody has a declaration of ${serviceCode}`);
    return first;
  };
  const before = await find();
  const { practice, board } = before;
  const page = await world.get<PageOfValues>(
    world.declarerOf(practice),
    'extraction-intake',
    `pages/${serviceCode}/${ITEM_ACHIEVEMENT_DATE}/${practice}`,
  );
  const field = page.versions.at(-1)?.values.find((value) => value.indicatorCode === indicatorCode);
  if (!field) throw new Error(`${practice} has no value of ${indicatorCode}`);
  const asked = await world.post<Amendment>(
    world.declarerOf(practice),
    'extraction-intake',
    'amendment-requests',
    {
      serviceCode,
      achievementDate: ITEM_ACHIEVEMENT_DATE,
      practiceCode: practice,
      values: [{ indicatorCode, fieldName: field.fieldName, value: Number(field.value) + 10 }],
      reason: 'Ten vaccinations of the last day were entered after the extract.',
    },
  );
  const approver = world.approverOf(board);
  const path = `amendment-requests/${asked.amendmentId}`;
  const { pounds } = await world.get<Amendment>(approver, 'extraction-intake', path);
  await world.post(
    approver,
    'extraction-intake',
    `${path}/accept`,
    { reason: 'Seen in the practice system.' },
    { 'if-match': `"${asked.amendmentVersion}"` },
  );
  const after: Asking = await until('the accepted values reopen what was declared', async () => {
    const now = await find();
    return now.status === 'AWAITING_PROVIDER_APPROVAL' ? now : undefined;
  });
  if (after.pence !== pounds.newPence)
    throw new Error(`${practice} was shown ${pounds.newPence} pence and is owed ${after.pence}`);
  await declareAll(world, practice);
  await world.settled();
  return {
    practice,
    board,
    service: serviceCode,
    names: await world.namesOf(practice, board, serviceCode),
    penceBefore: before.pence,
    penceShown: pounds.newPence,
    penceAfter: after.pence,
  };
}

export function tell({
  practice,
  board,
  service,
  names,
  penceBefore,
  penceShown,
}: AmendmentRequest): string[] {
  return [
    `${named(names, practice)} found ten items missing in ${named(names, service)} and asked for them.`,
    `Its commissioner, ${named(names, board)}, saw that ${inPounds(penceBefore)} would become ${inPounds(penceShown)} and accepted; exactly that was declared again.`,
  ];
}
