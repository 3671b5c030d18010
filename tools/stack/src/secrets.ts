// @ts-nocheck
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A password made up once per state folder and name, kept in `secrets.json` there, which only its owner may read.
 * @param {string} folder
 * @param {string} name
 * @returns {string} hexadecimal digits
 */
export function localSecret(folder, name) {
  const file = join(folder, 'secrets.json');
  /** @type {Record<string, string>} */
  const secrets = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const known = secrets[name];
  if (known) return known;
  const secret = randomBytes(18).toString('hex');
  writeFileSync(file, `${JSON.stringify({ ...secrets, [name]: secret }, null, 2)}\n`, { mode: 0o600 });
  return secret;
}
