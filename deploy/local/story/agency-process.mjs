// The agency runs as a process of its own: it knows nothing but the HTTP API and the documented layouts.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../paths.mjs';

const run = promisify(execFile);

/**
 * Lets the agency read and answer what waits for it.
 * @param {import('./world.mjs').World} world
 * @param {{ reject: { providerCode: string, serviceCode: string }[] }} wishes
 * @returns {Promise<{ files: number, accepted: number, rejected: number, acceptedPence: string }>}
 */
export async function runAgency(world, { reject }) {
  const { stdout } = await run(process.execPath, [
    join(projectFolder, 'test', 'agency', 'agency.mjs'),
    '--url',
    world.urls['payment-export'],
    '--token',
    await world.token(world.people.agency),
    '--state',
    join(world.stateDir, 'agency'),
    '--reject',
    reject.map(({ providerCode, serviceCode }) => `${providerCode}:${serviceCode}`).join(','),
  ]);
  return JSON.parse(stdout);
}
