// Writes docs/reference, one OpenAPI document per service and the AsyncAPI document of all events,
// docs/declaration-states.md, and what deploy/kafka grants, from the built code.
// npm run docs:generate              writes them
// npm run docs:generate -- --check   fails, naming each that has drifted, and writes nothing
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renderAsyncApi, SERVICES, type ServiceName } from '@attest/contracts';
import { format, resolveConfig } from 'prettier';
import { renderDeclarationStates } from './declaration-states.js';
import { declarationTable, describedService, projectFolder } from './described.js';
import { kafkaFiles } from './kafka-files.js';
import { kafkaRights } from './kafka-rights.js';

const check = process.argv.includes('--check');

/** By their paths in the project. */
async function documents(): Promise<Map<string, string>> {
  const found = new Map([['docs/reference/asyncapi.json', JSON.stringify(renderAsyncApi())]]);
  const consumed = new Map<ServiceName, readonly string[]>();
  for (const name of SERVICES) {
    const service = await describedService(name);
    found.set(`docs/reference/${name}.openapi.json`, JSON.stringify(await service.renderOpenApi()));
    consumed.set(name, await service.consumedTopics());
  }
  found.set('docs/declaration-states.md', renderDeclarationStates(await declarationTable()));
  for (const [name, text] of kafkaFiles(kafkaRights(consumed))) found.set(`deploy/kafka/${name}`, text);
  return found;
}

async function textOf(file: string, document: string): Promise<string> {
  if (file.endsWith('.sh')) return document;
  const options = (await resolveConfig(file)) ?? {};
  return format(document, { ...options, filepath: file });
}

const drifted: string[] = [];
for (const [name, document] of await documents()) {
  const file = join(projectFolder, name);
  const text = await textOf(file, document);
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before === text) continue;
  drifted.push(name);
  if (check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: file.endsWith('.sh') ? 0o755 : 0o644 });
}

if (check && drifted.length > 0) {
  console.error(`${drifted.join(', ')} no longer tell what the code does. Run: npm run docs:generate`);
  process.exit(1);
}
console.log(drifted.length === 0 ? 'The reference is up to date.' : `Written: ${drifted.join(', ')}`);
// Nothing was connected, but Nest's and Kafka's clients may keep a timer.
process.exit(0);
