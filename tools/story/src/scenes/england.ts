// England is loaded: organisations, memberships, people, the agency and the services; the clock stands in August 2026.
import { basename } from 'node:path';
import { silent, type Progress } from '@attest/invariants/progress';
import { until } from '@attest/stack/http-client';
import { count } from '../words.js';
import { documentIn, type World } from '../world.js';

export interface Loaded {
  readonly practices: number;
  readonly pcns: number;
  readonly commissioners: number;
  readonly services: number;
  /** Files that a second operator had to confirm. */
  readonly confirmedFiles: number;
  readonly rejectedRows: number;
}

/** What organisations says of a file that it was sent. */
interface Receipt {
  readonly fileId: string;
  readonly status: string;
  readonly rejected: number | string;
  readonly decidedBy?: string | null;
}

export const title = 'Organisations and services are loaded';

export async function run(world: World, progress: Progress = silent): Promise<Loaded> {
  const { manifest, people } = world;
  const receipts: Receipt[] = [];
  await standBehindTheFiles(world);
  // Order matters: a later file wins from its date on.
  for (const { layout, asAt, path } of manifest.organisationFiles) {
    const query = `layout=${layout}&asAt=${asAt}&fileName=${encodeURIComponent(basename(path))}`;
    progress(receipts.length, manifest.organisationFiles.length, 'read files of the register:');
    const receipt = await world.upload<Receipt>(
      people.nationalOperator,
      'organisations',
      `organisation-files?${query}`,
      path,
    );
    receipts.push(
      receipt.status === 'AWAITING_CONFIRMATION' ? await confirmedBySecond(world, receipt) : receipt,
    );
  }
  progress.step('every service takes in who there is');
  await world.settled();
  await world.post(people.nationalOperator, 'catalogue', 'agencies', manifest.agency);
  for (const { path } of manifest.services) {
    await world.post(people.nationalOperator, 'catalogue', 'quality-services', documentIn(path));
  }
  await world.settled();
  return {
    practices: await world.count(
      'organisations',
      `SELECT count(*) FROM organisation WHERE kind = 'practice'`,
    ),
    pcns: await world.count('organisations', `SELECT count(*) FROM organisation WHERE kind = 'pcn'`),
    commissioners: await world.count(
      'organisations',
      `SELECT count(*) FROM organisation WHERE kind = 'commissioner'`,
    ),
    services: manifest.services.length,
    confirmedFiles: receipts.filter(({ decidedBy }) => decidedBy === people.secondOperator).length,
    rejectedRows: receipts.reduce((sum, receipt) => sum + Number(receipt.rejected), 0),
  };
}

/** A register describes a day that has been, so the clock stands behind all of them before the first is sent. */
async function standBehindTheFiles(world: World): Promise<void> {
  const { manifest, people } = world;
  const now = manifest.calendar.beforeOpen;
  await until('the catalogue knows that the operator is one', async () => {
    const answer = await world.tryPost(people.nationalOperator, 'catalogue', 'business-clock', { now });
    if (answer.status >= 400 && answer.status !== 403)
      throw new Error(`The clock could not be moved: ${answer.status} ${answer.body.code}`);
    return answer.status < 300;
  });
  await until(
    'the register follows the clock',
    async () => (await world.count('organisations', 'SELECT count(*) FROM business_clock')) > 0,
  );
  await world.settled();
}

/** What moves much of the register is looked at by a second operator, who confirms it. */
async function confirmedBySecond(world: World, { fileId }: Receipt): Promise<Receipt> {
  const { nationalOperator, secondOperator } = world.people;
  await world.post(nationalOperator, 'organisations', 'role-assignments', {
    personId: secondOperator,
    role: 'NATIONAL_OPERATOR',
    organisationCode: 'ENGLAND',
    from: '2014-04-01',
  });
  return until('the second operator confirms the file', async () => {
    const answer = await world.tryPost<Receipt>(
      secondOperator,
      'organisations',
      `organisation-files/${fileId}/confirm`,
      {},
    );
    // Until the service has heard of the role.
    if (answer.status === 403 && answer.body.code !== 'SECOND_PERSON_NEEDED') return undefined;
    if (answer.status >= 400)
      throw new Error(`The file was not confirmed: ${answer.status} ${answer.body.code}`);
    return answer.body;
  });
}

export function tell({
  practices,
  pcns,
  commissioners,
  services,
  confirmedFiles,
  rejectedRows,
}: Loaded): string[] {
  return [
    `The register now knows ${count(practices, 'practice')} (closed ones too), ${count(pcns, 'primary care network')} (PCNs: practices that work together) and ${count(commissioners, 'commissioner')}, who sign for the money.`,
    `${count(services, 'quality service')} ${services === 1 ? 'is' : 'are'} published: each says what is paid, for what, and by when.`,
    ...(confirmedFiles > 0
      ? [
          `${count(confirmedFiles, 'file')} would have moved much of the register, so a second operator looked at what it does and confirmed it.`,
        ]
      : []),
    ...(rejectedRows > 0
      ? [
          `${count(rejectedRows, 'row')} could not be used and ${rejectedRows === 1 ? 'was' : 'were'} set aside with the reason.`,
        ]
      : []),
  ];
}
