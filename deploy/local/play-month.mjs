// Starts everything, plays the scenes of the payment month, checks the invariants, and tells.
import { openStack } from './stack.mjs';
import { checkInvariants } from './invariants/index.mjs';
import { stopOnSignals } from './processes.mjs';
import { Report } from './report.mjs';
import { say } from './say.mjs';
import { SCENES } from './story/scenes/index.mjs';

/** @param {import('./options.mjs').Options} options */
export async function playMonth(options) {
  const report = new Report(options);
  const stack = await openStack(options, report);
  stopOnSignals(() => stack.stop());
  try {
    if (options.up) {
      report.addresses(stack);
      return;
    }
    for (const [name, scene] of Object.entries(SCENES)) {
      await report.scene(name, scene.title, () => scene.run(stack.world), stack.memory);
    }
    await report.scene('invariants', 'Invariants are checked', () => checkInvariants(stack), stack.memory);
    report.end(stack);
    if (options.exit) {
      await stack.stop();
      process.exit(report.passed ? 0 : 1);
    }
    say('Everything stays up. Ctrl-C stops it; `npm run reset` removes its state.');
  } catch (error) {
    report.failed(error, stack);
    await stack.stop();
    process.exit(1);
  }
}
