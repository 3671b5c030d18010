// England is loaded: organisations, memberships, people, the agency and the services; the clock stands in August 2026.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { silent } from '../progress.mjs';
import { count } from '../words.mjs';

export const title = 'Organisations and services are loaded';

export async function run(world, progress = silent) {
  const { manifest, people } = world;
  const receipts = {};
  let loaded = 0;
  // Order matters: a later file wins from its date on.
  for (const { layout, asAt, path } of manifest.organisationFiles) {
    const query = `layout=${layout}&asAt=${asAt}&fileName=${encodeURIComponent(basename(path))}`;
    progress(loaded++, manifest.organisationFiles.length, 'read files of the register:');
    receipts[basename(path)] = await world.upload(
      people.nationalOperator,
      'organisations',
      `organisation-files?${query}`,
      path,
    );
  }
  progress.step('every service takes in who there is');
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

export function tell({ practices, pcns, commissioners, services, rejectedRows }) {
  return [
    `The register now knows ${count(practices, 'practice')} (closed ones too), ${count(pcns, 'primary care network')} (PCNs: practices that work together) and ${count(commissioners, 'commissioner')}, who sign for the money.`,
    `${count(services, 'quality service')} ${services === 1 ? 'is' : 'are'} published: each says what is paid, for what, and by when.`,
    ...(rejectedRows > 0
      ? [
          `${count(rejectedRows, 'row')} could not be used and ${rejectedRows === 1 ? 'was' : 'were'} set aside with the reason.`,
        ]
      : []),
  ];
}
