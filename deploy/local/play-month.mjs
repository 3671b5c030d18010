// Starts everything, plays the scenes of the payment month, checks the invariants, and tells.
import { openStack } from './stack.mjs';
import { checkInvariants } from './invariants/index.mjs';
import { stopOnSignals } from './processes.mjs';
import { Report } from './report.mjs';
import { SCENES } from './story/scenes/index.mjs';

/** @param {import('./options.mjs').Options} options */
export async function playMonth(options) {
  const report = new Report(options);
  const stack = await openStack(options, report);
  stopOnSignals(() => stack.stop());
  try {
    if (options.up) {
      await report.addresses(stack);
      return;
    }
    for (const [name, scene] of Object.entries(SCENES)) {
      await report.scene(name, scene.title, (progress) => scene.run(stack.world, progress), stack.memory);
    }
    await report.scene(
      'invariants',
      'Invariants are checked',
      (progress) => checkInvariants(stack, progress),
      stack.memory,
    );
    await report.end(stack);
    if (options.exit) {
      await stack.stop();
      process.exit(report.passed ? 0 : 1);
    }
  } catch (error) {
    report.failed(error, stack);
    await stack.stop();
    process.exit(1);
  }
}
