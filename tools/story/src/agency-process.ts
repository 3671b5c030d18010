// The agency runs as a process of its own: it knows nothing but the HTTP API and the documented layouts.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PaymentLine } from '@attest/england/manifest';
import { projectFolder } from '@attest/stack/paths';
import type { World } from './world.js';

const run = promisify(execFile);

/** What the agency says that it did. */
export interface AgencyAnswer {
  readonly files: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly acceptedPence: string;
}

/** Lets the agency read and answer what waits for it. */
export async function runAgency(
  world: World,
  { reject }: { reject: readonly PaymentLine[] },
): Promise<AgencyAnswer> {
  const agency = [
    join(projectFolder, 'tools', 'agency', 'dist', 'agency.js'),
    '--url',
    world.urls['payment-export'] ?? '',
    '--state',
    join(world.stateDir, 'agency'),
    '--reject',
    reject.map(({ providerCode, serviceCode }) => `${providerCode}:${serviceCode}`).join(','),
  ];
  // By environment: arguments are seen by everybody on the machine.
  const env = { PATH: process.env.PATH, AGENCY_TOKEN: await world.token(world.people.agency) };
  const { stdout } = await run(process.execPath, agency, { env });
  return JSON.parse(stdout) as AgencyAnswer;
}
