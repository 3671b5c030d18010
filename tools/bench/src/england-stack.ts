// The whole stack with made-up England's declarations open, for benchmarks that need the product's real size.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { QualityService, Role } from '@attest/contracts';
import { openFolder } from '@attest/stack/paths';
import { say } from '@attest/stack/say';
import { openStack } from '@attest/story/stack';
import { SCENES } from '@attest/story/scenes/index';
import { until } from '@attest/stack/http-client';
import { writeCqrsFile, type CqrsFile } from './extract-files.js';
import type { Stack, Stand, World } from './stand.js';

/**
 * The month's own services bring some 45,000 declarations; services of the benchmark, copies of an item-of-service
 * scheme for all practices, bring the rest. Kept open for the benchmarks that follow.
 * @param declarations at least as many
 */
export async function openEngland(stand: Stand, declarations: number): Promise<Stack> {
  if (stand.england) return stand.england;
  await stand.stopInfrastructure();
  const folder = join(stand.folder, 'england');
  process.env.ATTEST_STATE = folder;
  const options = {
    data: undefined,
    seed: 1,
    exit: true,
    json: true,
    separate: false,
    up: true,
    england: true,
  };
  const stack = await openStack(options, { note: () => undefined });
  stand.useEngland(stack);
  const { world } = stack;
  say('  England is loaded and its files are taken; this takes a minute');
  await SCENES.england.run(world);
  const extra = await offerMore(world, declarations - world.manifest.expected.declarations);
  await SCENES.offers.run(world);
  await SCENES.extracts.run(world);
  for (const { serviceCode, file } of await writeFiles(folder, extra)) {
    const query = new URLSearchParams({ layout: 'cqrs', fileName: basename(file) });
    const receipt = await world.upload<{ counts: { pagesReceived: number } }>(
      world.people.extractSupplier,
      'extraction-intake',
      `extract-files?${query}`,
      file,
    );
    if (receipt.counts.pagesReceived === 0)
      throw new Error(`nothing of ${serviceCode} was taken: ${JSON.stringify(receipt.counts)}`);
  }
  const expected =
    world.manifest.expected.declarations + extra.reduce((sum, { practices }) => sum + practices.length, 0);
  await until(`${expected} declarations are open`, async () => (await openDeclarations(world)) >= expected, {
    withinMs: 300_000,
    everyMs: 200,
  });
  await world.settled();
  // What autovacuum would have done within the hour.
  for (const service of Object.keys(world.urls)) await world.rows(service, 'ANALYZE');
  return stack;
}

/** The database of one of the stack's services. */
export function databaseOf({ databaseUrls }: Stack['infrastructure'], service: string): string {
  const url = databaseUrls.get(service);
  if (!url) throw new Error(`${service} has no database`);
  return url;
}

export const openDeclarations = (world: World): Promise<number> =>
  world.count(
    'declaration-workflow',
    `SELECT count(*) FROM declaration WHERE status IN ('AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL')`,
  );

async function offerMore(world: World, missing: number): Promise<CqrsFile[]> {
  if (missing <= 0) return [];
  const { people, manifest } = world;
  const pattern = manifest.services.find(
    (service) =>
      service.providerKind === 'practice' &&
      !service.capitation &&
      service.serviceCode !== manifest.qof.serviceCode,
  );
  if (!pattern) throw new Error('the month has no item-of-service scheme for practices');
  const document: QualityService = JSON.parse(readFileSync(pattern.path, 'utf8'));
  const practices = (
    await world.rows<{ code: string }>(
      'organisations',
      `SELECT code FROM organisation WHERE kind = 'practice' AND close_on IS NULL
         AND (open_on IS NULL OR open_on <= $1) AND commissioner_code IS NOT NULL ORDER BY code`,
      [document.startOn],
    )
  ).map(({ code }) => code);
  const extra: CqrsFile[] = [];
  for (let left = missing; left > 0; left -= practices.length) {
    const serviceCode = `BENCH${String(extra.length + 1).padStart(2, '0')}`;
    await world.post(people.nationalOperator, 'catalogue', 'quality-services', {
      ...document,
      serviceCode,
      name: `A service of the benchmark ${extra.length + 1}`,
      acceptance: 'automatic',
    });
    const { from, to, respondBy } = pattern.participation;
    await world.post(people.nationalOperator, 'catalogue', 'offers', {
      serviceCode,
      from,
      to,
      respondBy,
      providers: practices.slice(0, left),
    });
    extra.push({
      serviceCode,
      practices: practices.slice(0, left),
      fields: document.rulePack.fields,
      achievementDates: document.calendar.slice(0, 1).map(({ achievementDate }) => achievementDate),
    });
  }
  await world.settled();
  return extra;
}

async function writeFiles(
  folder: string,
  services: readonly CqrsFile[],
): Promise<{ serviceCode: string; file: string }[]> {
  openFolder(join(folder, 'extracts'));
  const written: { serviceCode: string; file: string }[] = [];
  for (const service of services) {
    const file = join(folder, 'extracts', `${service.serviceCode}.csv`);
    await writeCqrsFile(file, service);
    written.push({ serviceCode: service.serviceCode, file });
  }
  return written;
}

/** Lets one of the ready-made people act for all of England. */
export async function giveRole(world: World, personId: string, role: Role): Promise<void> {
  await world.post(world.people.nationalOperator, 'organisations', 'role-assignments', {
    personId,
    role,
    organisationCode: 'ENGLAND',
    from: '2014-04-01',
  });
}
