// Prints what `npm start -- --exit --json` said, as people read it, for a log.
import { readFileSync } from 'node:fs';
import { sizeLines } from './database-size.js';
import { invariantsInWords } from './invariant-words.js';
import { moneyLines } from './money.js';
import type { Played, Summary } from './played.js';
import { SCENES, type Results, type SceneName } from './scenes/index.js';

const [file] = process.argv.slice(2);
if (!file) throw new Error('print-story needs the file of what was said.');
const text = readFileSync(file, 'utf8');
if (text.trim() === '') {
  console.log('The story printed nothing.');
  process.exit(1);
}
// A story that failed says only what it came to.
const { scenes = {}, invariants = {}, pence = {}, databases, ...rest } = JSON.parse(text) as Partial<Summary>;
for (const name of Object.keys(scenes) as SceneName[]) print(name, scenes[name]);
for (const line of [
  ...invariantsInWords(invariants),
  ...moneyLines(pence),
  ...(databases ? sizeLines(databases) : []),
])
  console.log(line);
console.log(JSON.stringify(rest));

function print<Name extends SceneName>(name: Name, scene: Played<Results[Name]> | undefined): void {
  if (!scene) return;
  console.log(`${scene.title}: ${scene.seconds.toFixed(1)} s, ${scene.memoryMb} MB`);
  for (const sentence of SCENES[name].tell(scene.result)) console.log(`    ${sentence}`);
}
