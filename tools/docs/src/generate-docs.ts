// Writes docs/reference, one OpenAPI document per service and the AsyncAPI document of all events, and
// docs/declaration-states.md, from the built code.
// npm run docs:generate              writes them
// npm run docs:generate -- --check   fails, naming each that has drifted, and writes nothing
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { renderAsyncApi, SERVICES } from '@attest/contracts';
import { format, resolveConfig } from 'prettier';
import { renderDeclarationStates } from './declaration-states.js';
import { declarationTable, describedService, projectFolder } from './described.js';

const folder = join(projectFolder, 'docs');
const check = process.argv.includes('--check');

/** By their paths in the folder. */
async function documents(): Promise<Map<string, string>> {
  const found = new Map([['reference/asyncapi.json', JSON.stringify(renderAsyncApi())]]);
  for (const name of SERVICES) {
    const service = await describedService(name);
    found.set(`reference/${name}.openapi.json`, JSON.stringify(await service.renderOpenApi()));
  }
  found.set('declaration-states.md', renderDeclarationStates(await declarationTable()));
  return found;
}

async function textOf(file: string, document: string): Promise<string> {
  const options = (await resolveConfig(file)) ?? {};
  return format(document, { ...options, filepath: file });
}

const drifted: string[] = [];
await mkdir(join(folder, 'reference'), { recursive: true });
for (const [name, document] of await documents()) {
  const file = join(folder, name);
  const text = await textOf(file, document);
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before === text) continue;
  drifted.push(relative(projectFolder, file));
  if (!check) await writeFile(file, text);
}

if (check && drifted.length > 0) {
  console.error(`${drifted.join(', ')} no longer tell what the code does. Run: npm run docs:generate`);
  process.exit(1);
}
console.log(drifted.length === 0 ? 'The reference is up to date.' : `Written: ${drifted.join(', ')}`);
// Nothing was connected, but Nest's and Kafka's clients may keep a timer.
process.exit(0);
