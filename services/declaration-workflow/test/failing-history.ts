import type { World } from './world.js';

const FAILURES = {
  /** As a constraint that one item breaks. */
  data: '23514',
  /** As a database that has no memory left: it passes. */
  database: '53200',
} as const;

/** As long as `work` runs, this declaration's history cannot be written. */
export async function whileHistoryFails<T>(
  world: World,
  declarationId: string,
  why: keyof typeof FAILURES,
  work: () => Promise<T>,
): Promise<T> {
  const { database } = world.service;
  await database.query(
    `CREATE FUNCTION fail_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF NEW.declaration_id = '${declarationId}' THEN RAISE 'broken' USING ERRCODE = '${FAILURES[why]}'; END IF;
       RETURN NEW; END $$;
     CREATE TRIGGER fail_history BEFORE INSERT ON declaration_history FOR EACH ROW EXECUTE FUNCTION fail_history()`,
  );
  try {
    return await work();
  } finally {
    await database.query('DROP FUNCTION fail_history CASCADE');
  }
}
