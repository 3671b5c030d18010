/** `npm run reset`: ends what runs on the state folder and removes the folder. Downloads in the cache stay. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exitWith } from '@attest/stack/cannot-start';
import { requireOurs, stateFolder } from '@attest/stack/paths';
import { endRunning } from '@attest/stack/running';
import { stopKeptTestStack } from '@attest/stack/test-stack';
import { givenServers, readKept } from './kept-month.js';

try {
  const folder = stateFolder();
  if (existsSync(folder)) {
    requireOurs(folder);
    if (await endRunning(folder)) console.log('Attest was running and is stopped.');
    if (await stopKeptTestStack()) console.log('The kept test stack is stopped.');
    const given = givenServers(readKept(join(folder, 'run')));
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    console.log(`Removed ${folder}.`);
    if (given)
      console.log(
        `What lies on ${given} stays: drop its databases attest_* and topics before a month begins there again.`,
      );
  } else {
    console.log(`Nothing to remove: there is no ${folder}.`);
  }
} catch (error) {
  exitWith(error);
}
