// @ts-nocheck
import { readFile } from 'node:fs/promises';

/**
 * The ready-made people of a people.csv, one entry per person with every role held. Columns are found by their
 * header: person_id, role, organisation_code, and a name where there is one.
 * @param {string} file
 * @returns {Promise<{ personId: string, name: string, roles: { role: string, organisationCode: string }[] }[]>}
 */
export async function readPeople(file) {
  const [header = [], ...rows] = (await readFile(file, 'utf8'))
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(cells);
  const at = (...names) =>
    header.findIndex((h) => names.includes(h.trim().toLowerCase().replaceAll('_', '')));
  const [person, role, organisation] = [at('personid'), at('role'), at('organisationcode')];
  const name = at('name', 'personname');
  if (person < 0 || role < 0 || organisation < 0)
    throw new Error(`${file}: its first line must name person_id, role and organisation_code.`);
  return groupPeople(
    rows.map((row) => ({
      personId: row[person],
      name: name < 0 ? row[person] : row[name],
      role: row[role],
      organisationCode: row[organisation],
    })),
  );
}

/** @param {{ personId: string, name?: string, role: string, organisationCode: string }[]} assignments */
export function groupPeople(assignments) {
  const people = new Map();
  for (const { personId, name, role, organisationCode } of assignments) {
    if (!people.has(personId)) people.set(personId, { personId, name: name ?? personId, roles: [] });
    people.get(personId).roles.push({ role, organisationCode });
  }
  return [...people.values()];
}

/** One line of CSV as RFC 4180 writes it. */
function cells(line) {
  const found = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    found.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  return found;
}
