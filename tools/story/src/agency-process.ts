// @ts-nocheck
// The agency runs as a process of its own: it knows nothing but the HTTP API and the documented layouts.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '@attest/stack/paths';

const run = promisify(execFile);

/**
 * Lets the agency read and answer what waits for it.
 * @param {import('./world.js').World} world
 * @param {{ reject: { providerCode: string, serviceCode: string }[] }} wishes
 * @returns {Promise<{ files: number, accepted: number, rejected: number, acceptedPence: string }>}
 */
export async function runAgency(world, { reject }) {
  const agency = [
    join(projectFolder, 'tools', 'agency', 'dist', 'agency.js'),
    '--url',
    world.urls['payment-export'],
    '--state',
    join(world.stateDir, 'agency'),
    '--reject',
    reject.map(({ providerCode, serviceCode }) => `${providerCode}:${serviceCode}`).join(','),
  ];
  // By environment: arguments are seen by everybody on the machine.
  const env = { PATH: process.env.PATH, AGENCY_TOKEN: await world.token(world.people.agency) };
  const { stdout } = await run(process.execPath, agency, { env });
  return JSON.parse(stdout);
}
