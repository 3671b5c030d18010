// Brings everything up; plays the scenes of the payment month unless one is kept; checks the invariants, and tells.
import { stopOnSignals } from '@attest/stack/processes';
import { openStack, type MonthStack } from './stack.js';
import { checkInvariants } from '@attest/invariants/index';
import { databaseSizes } from './database-size.js';
import type { Options } from './options.js';
import { Report } from './report.js';
import { SCENE_NAMES, SCENES, type SceneName } from './scenes/index.js';

export async function playMonth(options: Options): Promise<void> {
  const report = new Report(options);
  const stack = await openStack(options, report);
  stopOnSignals(() => stack.stop());
  try {
    if (stack.found) report.found(stack.found);
    else if (options.up) await load(stack, report);
    else await play(stack, report);
    if (options.exit) await exit(options, stack, report);
    if (stack.found || options.up) await tellOfKept(options, stack, report);
    report.say(
      'Everything stays up. Ctrl-C stops it, and the next start finds it again; `npm run reset` begins anew.',
    );
  } catch (error) {
    // What was interrupted fails of itself, and whoever interrupted it knows why.
    if (stack.stopping) return;
    report.failed(error, stack);
    await stack.stop();
    process.exit(1);
  }
}

async function load(stack: MonthStack, report: Report): Promise<void> {
  await playScenes(stack, report, ['england']);
  stack.keep('loaded', report.summary(stack));
}

async function play(stack: MonthStack, report: Report): Promise<void> {
  await playScenes(stack, report, SCENE_NAMES);
  await check(stack, report);
  report.note({ databases: await databaseSizes(stack.world) });
  // First: what is told afterwards may fail, and a played month is not lost for it.
  stack.keep('played', report.summary(stack));
  await report.end(stack);
}

async function playScenes(stack: MonthStack, report: Report, names: readonly SceneName[]): Promise<void> {
  for (const name of names) await playScene(stack, report, name);
}

const playScene = <Name extends SceneName>(stack: MonthStack, report: Report, name: Name) =>
  report.scene(name, SCENES[name].title, (progress) => SCENES[name].run(stack.world, progress), stack.memory);

async function check(stack: MonthStack, report: Report): Promise<void> {
  await report.scene(
    'invariants',
    'Invariants are checked',
    (progress) => checkInvariants(stack, progress),
    stack.memory,
  );
}

/** A month that was played before is checked again; where it was only loaded, there is nothing to check. */
async function exit(options: Options, stack: MonthStack, report: Report): Promise<void> {
  if (stack.found && !options.up) {
    await check(stack, report);
    await report.end(stack);
  } else if (options.up) await tellOfKept(options, stack, report);
  await stack.stop();
  process.exit(report.passed || options.up ? 0 : 1);
}

const tellOfKept = (options: Options, stack: MonthStack, report: Report) =>
  options.json ? report.end(stack) : report.addresses(stack);
