// Writes docs/reference, one OpenAPI document per service and the AsyncAPI document of all events, and
// docs/declaration-states.md, from the built code.
// node tools/generate-docs.mjs           writes them
// node tools/generate-docs.mjs --check   fails, naming each that has drifted, and writes nothing
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { renderDeclarationStates } from './declaration-states.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(project, 'docs');
const check = process.argv.includes('--check');

const builtFile = (...parts) => import(pathToFileURL(join(project, ...parts)).href);
const built = (...parts) => builtFile(...parts, 'dist', 'index.js');

async function documents() {
  const { SERVICES, renderAsyncApi } = await built('libs', 'contracts');
  const found = [['reference/asyncapi.json', JSON.stringify(renderAsyncApi())]];
  for (const name of SERVICES) {
    const service = Object.values(await built('services', name)).find(
      (exported) => typeof exported?.renderOpenApi === 'function',
    );
    if (!service) throw new Error(`services/${name}/src/index.ts exports no service made by defineService.`);
    found.push([`reference/${name}.openapi.json`, JSON.stringify(await service.renderOpenApi())]);
  }
  const table = await builtFile('services/declaration-workflow/dist/domain/core/declaration.transitions.js');
  found.push(['declaration-states.md', renderDeclarationStates(table)]);
  return found;
}

async function textOf(file, document) {
  const options = (await resolveConfig(file)) ?? {};
  return format(document, { ...options, filepath: file });
}

const drifted = [];
await mkdir(join(folder, 'reference'), { recursive: true });
for (const [name, document] of await documents()) {
  const file = join(folder, name);
  const text = await textOf(file, document);
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before === text) continue;
  drifted.push(relative(project, file));
  if (!check) await writeFile(file, text);
}

if (check && drifted.length > 0) {
  console.error(`${drifted.join(', ')} no longer tell what the code does. Run: npm run docs:generate`);
  process.exit(1);
}
console.log(drifted.length === 0 ? 'The reference is up to date.' : `Written: ${drifted.join(', ')}`);
// Nothing was connected, but Nest's and Kafka's clients may keep a timer.
process.exit(0);
