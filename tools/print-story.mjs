// Prints what `npm start -- --exit --json` said, one line a scene and an invariant.
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
if (text.trim() === '') {
  console.log('The story printed nothing.');
  process.exit(1);
}
const story = JSON.parse(text);
for (const [name, scene] of Object.entries(story.scenes ?? {})) {
  console.log(
    `${name.padEnd(18)} ${String(scene.seconds).padStart(7)} s ${String(scene.memoryMb).padStart(6)} MB  ${JSON.stringify(scene.result)}`,
  );
}
for (const [id, one] of Object.entries(story.invariants ?? {})) {
  console.log(
    `${one.holds ? 'holds ' : 'BROKEN'} ${id.padEnd(4)} ${one.says} ${JSON.stringify(one.evidence)}`,
  );
}
const { scenes: _scenes, invariants: _invariants, ...rest } = story;
console.log(JSON.stringify(rest));
