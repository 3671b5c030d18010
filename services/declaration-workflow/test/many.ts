import type { World } from './world.js';

/** Sorts before every id that the service gives, so that these have their turn first. */
export const manyId = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** As many more like this declaration, one for each of as many made-up practices of its commissioner. */
export async function many(world: World, like: string, count: number, from = 1): Promise<string[]> {
  const { database } = world.service;
  await database.query(
    `INSERT INTO directory_organisation
     SELECT (jsonb_populate_record(o, jsonb_build_object('code', 'Y' || lpad(n::text, 7, '0')))).*
     FROM directory_organisation o, generate_series($2::int, $2 + $1 - 1) n WHERE o.code = 'X00001'
     ON CONFLICT DO NOTHING`,
    [count, from],
  );
  const { rows } = await database.query<{ columns: string }>(
    `SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) AS columns FROM information_schema.columns
     WHERE table_name = 'declaration' AND is_generated = 'NEVER'
       AND column_name NOT IN ('declaration_id', 'organisation_code')`,
  );
  const { columns } = rows[0]!;
  await database.query(
    `INSERT INTO declaration (declaration_id, organisation_code, ${columns})
     SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Y' || lpad(n::text, 7, '0'), ${columns}
     FROM declaration, generate_series($2::int, $2 + $1 - 1) n WHERE declaration_id = $3`,
    [count, from, like],
  );
  return Array.from({ length: count }, (_, at) => manyId(from + at));
}

export const bulkEnded = async (world: World, person: string, bulkId: string) => {
  const { body } = await world.service.get(person, `bulk-declarations/${bulkId}`);
  return body.endedAt === null ? undefined : body;
};
