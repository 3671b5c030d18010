// What a person sees while the month is played, and the one JSON object that `--json` prints.
import { say } from './say.mjs';

const seconds = (ms) => Number((ms / 1000).toFixed(2));

/** £ from digits of pence. */
export function pounds(digits) {
  const negative = digits.startsWith('-');
  const padded = (negative ? digits.slice(1) : digits).padStart(3, '0');
  const whole = padded.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? '-' : ''}£${whole}.${padded.slice(-2)}`;
}

export class Report {
  /** @param {import('./options.mjs').Options} options */
  constructor(options) {
    this.json = options.json;
    this.separate = options.separate;
    this.scenes = {};
    this.started = performance.now();
    this.peakMemoryMb = 0;
    this.facts = {};
  }

  get passed() {
    const { invariants } = this.scenes;
    return invariants !== undefined && Object.values(invariants.result).every((one) => one.holds);
  }

  /** Facts that stand at the head of the result: ready time, versions, made-up or published. */
  note(facts) {
    Object.assign(this.facts, facts);
    if (!this.json && facts.banner) say(facts.banner);
  }

  /** What the state folder keeps is up again: it is told as it was played. */
  found({ playedAt, played, england, summary }) {
    const { scenes, invariants, storySeconds, peakMemoryMb } = summary;
    this.kept = { playedAt, storySeconds, peakMemoryMb };
    this.scenes = { ...scenes, ...(played ? { invariants: { result: invariants } } : {}) };
    if (this.json) return;
    say(
      played
        ? `The month of ${england} that was played on ${playedAt} is up again.`
        : `${england}, loaded on ${playedAt} without a played month, is up again.`,
    );
  }

  async scene(name, title, play, memory) {
    if (!this.json) process.stderr.write(`  ${title} … `);
    const started = performance.now();
    const result = await play();
    const took = seconds(performance.now() - started);
    const { totalMb } = await memory();
    // Checking holds half a million events in this process; that is told in its own line and is not the stack's.
    if (name !== 'invariants') this.peakMemoryMb = Math.max(this.peakMemoryMb, totalMb);
    this.scenes[name] = { title, seconds: took, memoryMb: totalMb, result };
    if (!this.json) {
      say(`${took.toFixed(1)} s`);
      for (const line of describe(name, result)) say(`      ${line}`);
    }
  }

  end(stack) {
    const summary = this.summary(stack);
    if (this.json) console.log(JSON.stringify(summary, undefined, 2));
    else {
      say('');
      for (const line of table(this.scenes)) console.log(line);
      console.log('');
      console.log(
        `The month took ${summary.storySeconds} s; peak memory ${summary.peakMemoryMb} MB; state in ${stack.stateDir}`,
      );
      this.addresses(stack);
    }
  }

  failed(error, stack) {
    if (this.json)
      console.log(
        JSON.stringify({ ...this.summary(stack), failed: String(error?.message ?? error) }, undefined, 2),
      );
    console.error(error);
    console.error(`Logs are in ${stack.stateDir}/logs.`);
  }

  addresses(stack) {
    console.log('\nWhere to look next');
    for (const [service, url] of Object.entries(stack.world.urls))
      console.log(`  ${service.padEnd(22)} ${url}/openapi.json`);
    console.log(`  ${'people and tokens'.padEnd(22)} ${stack.world.identityUrl}/people`);
  }

  summary(stack) {
    const { invariants, ...scenes } = this.scenes;
    return {
      ...this.facts,
      separate: this.separate,
      stateFolder: stack.stateDir,
      storySeconds: seconds(performance.now() - this.started),
      peakMemoryMb: this.peakMemoryMb,
      pence: penceByStage(scenes),
      scenes,
      invariants: invariants?.result ?? {},
      passed: this.passed,
      ...this.kept,
    };
  }
}

function penceByStage(scenes) {
  return {
    calculated: scenes.extracts?.result.pence,
    declared: scenes.declare?.result.pence,
    financiallyApproved: scenes.approvals?.result.pence,
    sealed: scenes.release?.result.pence,
    paid: scenes.acknowledged?.result.pence,
    adjustments: scenes.adjustments && adjusted(scenes.adjustments.result),
  };
}

/** Each by itself: what one network gains another loses, so their sum alone would say that nothing happened. */
function adjusted({ paidPence, recoveredPence }) {
  return {
    paid: paidPence,
    recovered: recoveredPence,
    net: (BigInt(paidPence) - BigInt(recoveredPence)).toString(),
  };
}

function describe(name, result) {
  if (name === 'invariants') {
    return Object.entries(result).map(
      ([id, one]) => `${one.holds ? 'holds' : 'BROKEN'}  ${id}  ${one.says}: ${JSON.stringify(one.evidence)}`,
    );
  }
  return [
    Object.entries(result)
      .map(([key, value]) => `${words(key)} ${show(key, value)}`)
      .join(', '),
  ];
}

const words = (key) => key.replace(/([A-Z])/g, ' $1').toLowerCase();

function show(key, value) {
  if (/pence/i.test(key) && typeof value === 'string') return pounds(value);
  if (typeof value === 'number') return value.toLocaleString('en-GB');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function table(scenes) {
  const rows = Object.values(scenes).map((scene) => [
    scene.title,
    `${scene.seconds.toFixed(1)} s`,
    `${scene.memoryMb} MB`,
  ]);
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at].length)));
  return rows.map(
    (row) => `  ${row[0].padEnd(widths[0])}  ${row[1].padStart(widths[1])}  ${row[2].padStart(widths[2])}`,
  );
}
