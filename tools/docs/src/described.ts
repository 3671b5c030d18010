// Services and the table of a declaration, loaded as they are built. They are found by name, so the compiler does not know
// them: these interfaces say what must be there.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../../..', import.meta.url));

/** What `defineService` makes, as far as it describes itself. */
export interface DescribedService {
  renderOpenApi(): Promise<object>;
  consumedTopics(): Promise<readonly string[]>;
}

/** The steps of a declaration and its statuses, as people read them. */
export interface DeclarationTable {
  readonly DECLARATION_TRANSITIONS: readonly Step[];
  readonly STATUS_LABELS: Readonly<Record<string, string>>;
}

export interface Step {
  /** Null: it does not exist yet. */
  readonly from: string | null;
  readonly on: string;
  readonly by: readonly string[];
  readonly to: string;
  readonly emits: string;
  /** Where only one kind may take it. */
  readonly kind?: string;
  readonly onlyWith?: string;
}

export async function describedService(name: string): Promise<DescribedService> {
  const exported = await built<Record<string, unknown>>(`services/${name}/dist/index.js`);
  const service = Object.values(exported).find(isDescribed);
  if (!service) throw new Error(`services/${name}/src/index.ts exports no service made by defineService.`);
  return service;
}

export const declarationTable = (): Promise<DeclarationTable> =>
  built('services/declaration-workflow/dist/domain/core/declaration.transitions.js');

const isDescribed = (exported: unknown): exported is DescribedService =>
  typeof exported === 'object' &&
  exported !== null &&
  'renderOpenApi' in exported &&
  typeof exported.renderOpenApi === 'function';

/** A module that was compiled, by its path in the project. */
const built = <Module>(path: string): Promise<Module> =>
  import(pathToFileURL(join(projectFolder, path)).href);
