// Who can sign in, what is open where, and a first call that works as printed.
import type pg from 'pg';
import type { MonthPeople } from '@attest/england/month-files';
import type { Move } from '@attest/england/manifest';
import { columns, named, type Names } from './words.js';

/** Somebody who can sign in, and what for. */
export interface ReadyPerson {
  readonly personId: string;
  readonly may: string;
  /** Whose declarations a first call looks at. */
  readonly organisationCode?: string;
}

/** Where people sign in and what they call. */
export interface Addresses {
  readonly identityUrl: string;
  readonly urls: Readonly<Record<string, string>>;
}

/** Of the world, what tells who can sign in. */
export interface PeopleToShow {
  readonly people: Pick<MonthPeople, 'nationalOperator' | 'organisationAdministrator' | 'agency' | 'viewer'>;
  readonly manifest: {
    readonly cast: { readonly mover: Pick<Move, 'practiceCode' | 'joinsPcnCode'> };
  };
  rows<Row extends pg.QueryResultRow>(service: string, sql: string, values?: unknown[]): Promise<Row[]>;
  namesOf(...codes: string[]): Promise<Names>;
  declarerOf(code: string): string;
  approverOf(code: string): string;
  financeOf(code: string): string;
}

const OPEN: Readonly<Record<string, string>> = {
  organisations: 'who there is and who belongs to whom',
  catalogue: 'services, offers, the payment calendar',
  'extraction-intake': 'extract files and their values',
  aggregation: 'figures and how they were calculated',
  'declaration-workflow': 'declarations, holds, why something is not paid',
  'commissioner-approval': 'what waits for a signature',
  'payment-export': 'payment runs, files, recoveries',
  'messaging-centre': 'messages and tasks',
};

/** One ready-made person for each role of the month; before organisations are loaded only the operator has a role. */
export async function whoCanSignIn(world: PeopleToShow): Promise<ReadyPerson[]> {
  const { people, manifest } = world;
  const { practiceCode, joinsPcnCode } = manifest.cast.mover;
  const found = await world.rows<{ board: string | null }>(
    'organisations',
    'SELECT code, commissioner_code AS board FROM organisation WHERE code = $1',
    [practiceCode],
  );
  const board = found[0]?.board;
  const operator = { personId: people.nationalOperator, may: 'runs the service for all of England' };
  if (!board) return [operator];
  const names = await world.namesOf(practiceCode, joinsPcnCode, board);
  return [
    {
      personId: world.declarerOf(practiceCode),
      may: `declares for the practice ${named(names, practiceCode)}`,
      organisationCode: practiceCode,
    },
    {
      personId: world.declarerOf(joinsPcnCode),
      may: `declares for the network ${named(names, joinsPcnCode)}`,
    },
    { personId: world.approverOf(board), may: `approves for the commissioner ${named(names, board)}` },
    { personId: world.financeOf(board), may: `approves payment for ${named(names, board)}` },
    { personId: people.organisationAdministrator, may: 'moves practices between networks' },
    { personId: people.agency, may: 'fetches payment files and answers them' },
    { personId: people.viewer, may: 'sees all of England and changes nothing' },
    operator,
  ];
}

/** Two lines for a shell: a token of the first person, and what it opens. */
export function firstCall(
  { identityUrl, urls }: Addresses,
  { personId, organisationCode }: ReadyPerson,
): string[] {
  const address = organisationCode
    ? `${urls['declaration-workflow']}/api/v1/declarations?organisationCode=${organisationCode}&limit=2`
    : `${urls.catalogue}/api/v1/business-clock`;
  return [
    `TOKEN=$(curl -s -d person_id=${personId} ${identityUrl}/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s -H "Authorization: Bearer $TOKEN" '${address}'`,
  ];
}

export function addressLines({ identityUrl, urls }: Addresses): string[] {
  const rows = [
    ...Object.entries(urls).map(([service, url]) => [service, `${url}/openapi.json`, OPEN[service] ?? '']),
    ['people and tokens', `${identityUrl}/people`, 'everybody who can sign in here, by role'],
  ];
  return ['What is open', ...columns(rows)];
}

export function signInLines(world: Addresses, people: readonly ReadyPerson[]): string[] {
  const [first] = people;
  return [
    'Who can sign in (no password: this is for trying out, never for production)',
    ...columns(people.map(({ personId, may }) => [personId, may])),
    ...(people.length === 1
      ? ['  Others gain their roles when the register of organisations is loaded.']
      : []),
    '',
    people.length === 1
      ? 'A first call: the date that the business clock shows'
      : 'A first call: two declarations of that practice, as its own people see them; before a month is played there are none',
    ...(first ? firstCall(world, first).map((line) => `  ${line}`) : []),
  ];
}
