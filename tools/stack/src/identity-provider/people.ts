import { readFile } from 'node:fs/promises';

/** One role of one person in one organisation: a row of people.csv. */
export interface Assignment {
  readonly personId: string;
  readonly name?: string;
  readonly role: string;
  readonly organisationCode: string;
}

/** A ready-made person with every role held. */
export interface Person {
  readonly personId: string;
  readonly name: string;
  readonly roles: readonly HeldRole[];
}

export interface HeldRole {
  readonly role: string;
  readonly organisationCode: string;
}

/**
 * The ready-made people of a people.csv, one entry per person with every role held. Columns are found by their
 * header: person_id, role, organisation_code, and a name where there is one.
 */
export async function readPeople(file: string): Promise<Person[]> {
  const [header = [], ...rows] = (await readFile(file, 'utf8'))
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(cells);
  const at = (...names: string[]): number =>
    header.findIndex((h) => names.includes(h.trim().toLowerCase().replaceAll('_', '')));
  const [person, role, organisation] = [at('personid'), at('role'), at('organisationcode')];
  const name = at('name', 'personname');
  if (person < 0 || role < 0 || organisation < 0)
    throw new Error(`${file}: its first line must name person_id, role and organisation_code.`);
  return groupPeople(
    rows.map((row) => ({
      personId: row[person] ?? '',
      name: row[name < 0 ? person : name] ?? '',
      role: row[role] ?? '',
      organisationCode: row[organisation] ?? '',
    })),
  );
}

export function groupPeople(assignments: readonly Assignment[]): Person[] {
  const people = new Map<string, Person & { readonly roles: HeldRole[] }>();
  for (const { personId, name, role, organisationCode } of assignments) {
    const person = people.get(personId) ?? { personId, name: name ?? personId, roles: [] };
    person.roles.push({ role, organisationCode });
    people.set(personId, person);
  }
  return [...people.values()];
}

/** One line of CSV as RFC 4180 writes it. */
function cells(line: string): string[] {
  const found: string[] = [];
  for (const [, quoted, plain = ''] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    found.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  return found;
}
