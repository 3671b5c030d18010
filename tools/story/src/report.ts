// @ts-nocheck
// What a person sees while the month is played, and the one JSON object that `--json` prints.
import { sayTo } from '@attest/stack/say';
import { failureInWords, jsonOfFailure } from './failure.js';
import { invariantInWords } from './invariant-words.js';
import { moneyLines, penceByStage } from './money.js';
import { followScene } from './progress.js';
import { SCENES } from './scenes/index.js';
import { addressLines, signInLines, whoCanSignIn } from './who.js';
import { columns, wrapped } from './words.js';

const seconds = (ms) => Number((ms / 1000).toFixed(2));
/** Longer lines are hard to read; a file gets a sentence a line. */
const WIDEST = 110;

export class Report {
  /** @param {import('./options.js').Options} options */
  constructor(options) {
    this.json = options.json;
    this.exits = options.exit;
    this.separate = options.separate;
    /** For people: standard output, or the error output where standard output is the JSON object's. */
    this.say = sayTo(options);
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
    if (facts.banner) this.say(facts.banner);
  }

  /** The second start: the month of the first one is up again, and told as it was played. */
  found({ playedAt, played, england, summary }) {
    const { scenes, invariants, storySeconds, peakMemoryMb } = summary;
    this.kept = { playedAt, storySeconds, peakMemoryMb };
    this.scenes = { ...scenes, ...(played ? { invariants: { result: invariants } } : {}) };
    for (const sentence of foundInWords({ playedAt, played, label: england })) this.say(sentence);
    if (!played) return;
    for (const line of ['', ...this.moneyLines()]) this.say(line);
    if (!this.passed)
      this.say('\nWhen it was played, an invariant did not hold: `npm start -- --exit` says which.');
  }

  /** @param {(progress: import('./progress.js').Progress) => Promise<object>} play */
  async scene(name, title, play, memory) {
    this.say(`\n${title}`);
    this.playing = { title, ...followScene({ stream: process.stderr, say: this.say }) };
    const result = await play(this.playing.progress);
    const took = seconds(this.playing.seconds() * 1000);
    this.playing.end();
    this.playing = undefined;
    const { totalMb } = await memory();
    // Checking holds half a million events in this process; that is told in its own line and is not the stack's.
    if (name !== 'invariants') this.peakMemoryMb = Math.max(this.peakMemoryMb, totalMb);
    this.scenes[name] = { title, seconds: took, memoryMb: totalMb, result };
    for (const sentence of tellScene(name, result))
      this.sayWrapped(sentence, name === 'invariants' ? ' '.repeat(17) : undefined);
    this.say(`    ${took.toFixed(1)} s`);
  }

  async end(stack) {
    const summary = this.summary(stack);
    if (this.json) return void console.log(JSON.stringify(summary, undefined, 2));
    const lines = [
      'The scenes',
      ...sceneLines(this.scenes),
      `  From the start to here ${summary.storySeconds.toFixed(1)} s; memory of everything at most ${summary.peakMemoryMb} MB.`,
      '',
      ...this.moneyLines(),
      '',
      this.passed
        ? 'Every invariant holds.'
        : `BROKEN: ${brokenOf(summary.invariants).join(', ') || 'no invariant was checked'}.`,
    ];
    for (const line of ['', ...lines]) this.say(line);
    await this.addresses(stack);
  }

  /** What was awaited and how far it came; the services stop after it. */
  failed(error, stack) {
    const playing = this.playing;
    playing?.end();
    const failure = {
      title: playing?.title,
      seconds: playing?.seconds(),
      far: playing?.far(),
      error,
      logs: `${stack.runDir ?? stack.stateDir}/logs`,
      found: this.kept !== undefined,
    };
    if (this.json)
      console.log(JSON.stringify({ ...this.summary(stack), ...jsonOfFailure(failure) }, undefined, 2));
    console.error(`\n${failureInWords(failure)}`);
    if (!this.json) console.error(`\n${error?.stack ?? error}`);
  }

  /** What is open and who can sign in: for people alone. */
  async addresses({ world, stateDir }) {
    // Whoever asked for the end has nothing left to look at.
    if (this.json || this.exits) return;
    const people = await whoCanSignIn(world);
    const lines = [...addressLines(world), '', ...signInLines(world, people), ''];
    for (const line of ['', ...lines, `Data and logs are in ${stateDir}.`]) this.say(line);
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

  moneyLines() {
    return ['What the month came to', ...moneyLines(penceByStage(this.scenes))];
  }

  sayWrapped(sentence, hanging) {
    const width = process.stdout.isTTY ? Math.min(process.stdout.columns ?? 80, WIDEST) : Infinity;
    for (const line of wrapped(sentence, width, undefined, hanging)) this.say(line);
  }
}

/** The sentences of a scene, by its result. */
export function tellScene(name, result) {
  if (name === 'invariants') return Object.entries(result).map(([id, one]) => invariantInWords(id, one));
  return SCENES[name].tell(result);
}

export function foundInWords({ playedAt, played, label }) {
  const at = new Date(playedAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  return [
    played
      ? `The month of ${label} that was played on ${at} was found and is up again; nothing was played anew.`
      : `${capitalised(label)}, loaded on ${at} without playing a month, was found and is up again.`,
    '`npm run reset` removes it, and the next start begins anew.',
  ];
}

const capitalised = (words) => words.charAt(0).toUpperCase() + words.slice(1);

const brokenOf = (invariants) => Object.keys(invariants).filter((id) => !invariants[id].holds);

const sceneLines = (scenes) =>
  columns(
    Object.values(scenes).map((scene) => [
      scene.title,
      `${scene.seconds.toFixed(1)} s`,
      `${scene.memoryMb} MB`,
    ]),
    [1, 2],
  );
