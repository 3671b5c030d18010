// @ts-nocheck
// Prints what `npm start -- --exit --json` said, as people read it, for a log.
import { readFileSync } from 'node:fs';
import { tellScene } from './report.js';
import { moneyLines } from './money.js';

const text = readFileSync(process.argv[2], 'utf8');
if (text.trim() === '') {
  console.log('The story printed nothing.');
  process.exit(1);
}
const { scenes = {}, invariants = {}, pence = {}, ...rest } = JSON.parse(text);
for (const [name, scene] of Object.entries(scenes)) {
  console.log(`${scene.title}: ${scene.seconds.toFixed(1)} s, ${scene.memoryMb} MB`);
  for (const sentence of tellScene(name, scene.result)) console.log(`    ${sentence}`);
}
for (const line of [...tellScene('invariants', invariants), ...moneyLines(pence)]) console.log(line);
console.log(JSON.stringify(rest));
