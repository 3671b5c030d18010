import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A password of hexadecimal digits, made up once per state folder and name, kept in `secrets.json` there, which only
 * its owner may read.
 */
export function localSecret(folder: string, name: string): string {
  const file = join(folder, 'secrets.json');
  const secrets: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const known = secrets[name];
  if (known) return known;
  const secret = randomBytes(18).toString('hex');
  writeFileSync(file, `${JSON.stringify({ ...secrets, [name]: secret }, null, 2)}\n`, { mode: 0o600 });
  return secret;
}
