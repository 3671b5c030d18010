// England is loaded: organisations, memberships, people, the agency and the services; the clock stands in August 2026.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

export const title = 'England is loaded';

export async function run(world) {
  const { manifest, people } = world;
  const receipts = {};
  // Order matters: a later file wins from its date on.
  for (const { layout, asAt, path } of manifest.organisationFiles) {
    const query = `layout=${layout}&asAt=${asAt}&fileName=${encodeURIComponent(basename(path))}`;
    receipts[basename(path)] = await world.upload(
      people.nationalOperator,
      'organisations',
      `organisation-files?${query}`,
      path,
    );
  }
  await world.settled();
  await world.moveClock(manifest.calendar.beforeOpen);
  await world.post(people.nationalOperator, 'catalogue', 'agencies', manifest.agency);
  for (const { path } of manifest.services) {
    await world.post(
      people.nationalOperator,
      'catalogue',
      'quality-services',
      JSON.parse(readFileSync(path, 'utf8')),
    );
  }
  await world.settled();
  return {
    practices: await world.count(
      'organisations',
      `SELECT count(*) FROM organisation WHERE kind = 'practice'`,
    ),
    pcns: await world.count('organisations', `SELECT count(*) FROM organisation WHERE kind = 'pcn'`),
    commissioners: await world.count(
      'organisations',
      `SELECT count(*) FROM organisation WHERE kind = 'commissioner'`,
    ),
    services: manifest.services.length,
    rejectedRows: Object.values(receipts).reduce((sum, receipt) => sum + Number(receipt.rejected), 0),
  };
}
