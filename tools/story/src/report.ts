// What a person sees while the month is played, and the one JSON object that `--json` prints.
import { sayTo } from '@attest/stack/say';
import type { Invariants } from '@attest/invariants/index';
import type { Progress } from '@attest/invariants/progress';
import { failureInWords, jsonOfFailure, type Failure } from './failure.js';
import { invariantsInWords } from './invariant-words.js';
import { moneyLines, penceByStage } from './money.js';
import type { Options } from './options.js';
import type { Facts, FoundMonth, PlayedScenes, Summary } from './played.js';
import { followScene, type FollowedScene } from './progress.js';
import { SCENES, type PartName, type Results } from './scenes/index.js';
import type { MonthStack } from './stack.js';
import { addressLines, signInLines, whoCanSignIn } from './who.js';
import { columns, wrapped } from './words.js';

const seconds = (ms: number) => Number((ms / 1000).toFixed(2));
/** Longer lines are hard to read; a file gets a sentence a line. */
const WIDEST = 110;

export class Report {
  /** For people: standard output, or the error output where standard output is the JSON object's. */
  readonly say: (line: string) => void;
  private scenes: PlayedScenes = {};
  private facts: Facts = {};
  private peakMemoryMb = 0;
  private readonly started = performance.now();
  /** As they were found, where they were not checked again. */
  private foundInvariants: Partial<Invariants> | undefined;
  /** The scene that is being played. */
  private playing: (FollowedScene & { readonly title: string }) | undefined;
  /** What replaces this start's own numbers where the month was played before. */
  private kept: Pick<Summary, 'playedAt' | 'storySeconds' | 'peakMemoryMb'> | undefined;

  constructor(private readonly options: Pick<Options, 'json' | 'exit' | 'separate'>) {
    this.say = sayTo(options);
  }

  private get invariants(): Partial<Invariants> | undefined {
    return this.scenes.invariants?.result ?? this.foundInvariants;
  }

  get passed(): boolean {
    return this.invariants !== undefined && Object.values(this.invariants).every((one) => one.holds);
  }

  /** Facts that stand at the head of the result: ready time, versions, made-up or published. */
  note(facts: Facts): void {
    this.facts = { ...this.facts, ...facts };
    if (facts.banner) this.say(facts.banner);
  }

  /** The second start: the month of the first one is up again, and told as it was played. */
  found({ playedAt, played, england, summary }: FoundMonth): void {
    const { scenes, invariants, storySeconds, peakMemoryMb } = summary;
    this.kept = { playedAt, storySeconds, peakMemoryMb };
    this.scenes = scenes;
    if (played) this.foundInvariants = invariants;
    for (const sentence of foundInWords({ playedAt, played, england })) this.say(sentence);
    if (!played) return;
    for (const line of ['', ...this.moneyLines()]) this.say(line);
    if (!this.passed)
      this.say('\nWhen it was played, an invariant did not hold: `npm start -- --exit` says which.');
  }

  async scene<Name extends PartName>(
    name: Name,
    title: string,
    play: (progress: Progress) => Promise<Results[Name]>,
    memory: MonthStack['memory'],
  ): Promise<void> {
    this.say(`\n${title}`);
    const playing = { title, ...followScene({ stream: process.stderr, say: this.say }) };
    this.playing = playing;
    const result = await play(playing.progress);
    const took = seconds(playing.seconds() * 1000);
    playing.end();
    this.playing = undefined;
    const { totalMb } = await memory();
    // Checking holds half a million events in this process; that is told in its own line and is not the stack's.
    if (name !== 'invariants') this.peakMemoryMb = Math.max(this.peakMemoryMb, totalMb);
    this.scenes = { ...this.scenes, [name]: { title, seconds: took, memoryMb: totalMb, result } };
    for (const sentence of tellScene(name, result))
      this.sayWrapped(sentence, name === 'invariants' ? ' '.repeat(17) : undefined);
    this.say(`    ${took.toFixed(1)} s`);
  }

  async end(stack: MonthStack): Promise<void> {
    const summary = this.summary(stack);
    if (this.options.json) return void console.log(JSON.stringify(summary, undefined, 2));
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
  failed(error: unknown, stack: Pick<MonthStack, 'runDir' | 'stateDir'>): void {
    const playing = this.playing;
    playing?.end();
    const failure: Failure = {
      title: playing?.title,
      seconds: playing?.seconds(),
      far: playing?.far(),
      error,
      logs: `${stack.runDir}/logs`,
      found: this.kept !== undefined,
    };
    if (this.options.json)
      console.log(JSON.stringify({ ...this.summary(stack), ...jsonOfFailure(failure) }, undefined, 2));
    console.error(`\n${failureInWords(failure)}`);
    if (!this.options.json) console.error(`\n${error instanceof Error ? error.stack : error}`);
  }

  /** What is open and who can sign in: for people alone. */
  async addresses({ world, stateDir }: MonthStack): Promise<void> {
    // Whoever asked for the end has nothing left to look at.
    if (this.options.json || this.options.exit) return;
    const people = await whoCanSignIn(world);
    const lines = [...addressLines(world), '', ...signInLines(world, people), ''];
    for (const line of ['', ...lines, `Data and logs are in ${stateDir}.`]) this.say(line);
  }

  summary(stack: Pick<MonthStack, 'stateDir'>): Summary {
    const { invariants: _checked, ...scenes } = this.scenes;
    return {
      ...this.facts,
      separate: this.options.separate,
      stateFolder: stack.stateDir,
      storySeconds: seconds(performance.now() - this.started),
      peakMemoryMb: this.peakMemoryMb,
      pence: penceByStage(scenes),
      scenes,
      invariants: this.invariants ?? {},
      passed: this.passed,
      ...this.kept,
    };
  }

  private moneyLines(): string[] {
    return ['What the month came to', ...moneyLines(penceByStage(this.scenes))];
  }

  private sayWrapped(sentence: string, hanging?: string): void {
    const width = process.stdout.isTTY ? Math.min(process.stdout.columns ?? 80, WIDEST) : Infinity;
    for (const line of wrapped(sentence, width, undefined, hanging)) this.say(line);
  }
}

type Tellers = { readonly [Name in PartName]: { tell(result: Results[Name]): string[] } };
const TELLERS: Tellers = { ...SCENES, invariants: { tell: invariantsInWords } };

/** The sentences of a scene, by its result. */
export const tellScene = <Name extends PartName>(name: Name, result: Results[Name]): string[] =>
  TELLERS[name].tell(result);

export function foundInWords({
  playedAt,
  played,
  england,
}: Pick<FoundMonth, 'playedAt' | 'played' | 'england'>): string[] {
  const at = new Date(playedAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  return [
    played
      ? `The month of ${england} that was played on ${at} was found and is up again; nothing was played anew.`
      : `${capitalised(england)}, loaded on ${at} without playing a month, was found and is up again.`,
    '`npm run reset` removes it, and the next start begins anew.',
  ];
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

const brokenOf = (invariants: Partial<Invariants>) =>
  Object.entries(invariants).flatMap(([id, { holds }]) => (holds ? [] : [id]));

const sceneLines = (scenes: PlayedScenes) =>
  columns(
    Object.values(scenes).map((scene) => [
      scene.title,
      `${scene.seconds.toFixed(1)} s`,
      `${scene.memoryMb} MB`,
    ]),
    [1, 2],
  );
