/**
 * Makes a checkout ready to run: Node's version, packages as package-lock.json says, TypeScript compiled. Plain Node,
 * because it runs before anything is installed. Costs 50 ms when there is nothing to do.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const KAFKA_POM = join(projectFolder, 'tools', 'stack', 'kafka', 'pom.xml');
const OLDEST_NODE = [20, 19];
const BUILD_STAMP = join(projectFolder, 'node_modules', '.attest-built');

/** Something the person at the keyboard can put right: its message is shown alone, without a stack. */
export class CannotStart extends Error {}

export async function prepare() {
  requireNode();
  await install();
  await build();
}

/** To the error output: with --json the other one is a result's alone. @param {string} line */
const say = (line) => void process.stderr.write(`${line}\n`);

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new CannotStart(
    `Attest needs Node ${OLDEST_NODE.join('.')} or newer and this is ${process.versions.node}: install it, or run \`npx node@24 ${process.argv[1]}\`.`,
  );
}

async function install() {
  if (isInstalled()) return;
  say('Installing the packages of package-lock.json');
  // Beside npm, what Kafka's jars need comes into Maven's own store; tools/stack takes them from there, and tells of faults.
  if (!process.env.KAFKA_BROKERS) void run('mvn', ['-q', '-B', '-f', KAFKA_POM, 'dependency:resolve']);
  const { code, output } = await run('npm', ['ci', '--no-progress', '--loglevel=error']);
  if (code === 0) return;
  if (code === null) throw new CannotStart('`npm` does not run: install it beside Node and start again.');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH/.test(output)) {
    throw new CannotStart('The npm registry does not answer: check the network and start again.');
  }
  if (output.includes('are in sync')) {
    throw new CannotStart(
      `package-lock.json does not fit the package.json files: run \`npm install\` and start again.\n${firstLines(output)}`,
    );
  }
  throw new CannotStart(`\`npm ci\` failed:\n${firstLines(output)}`);
}

/**
 * What npm says before it explains all its options.
 * @param {string} output
 */
function firstLines(output) {
  const lines = output.trim().split('\n');
  return lines
    .filter((line) => line !== 'npm error')
    .slice(0, 12)
    .join('\n');
}

/** Compares the lock with the one npm leaves inside node_modules when it has finished; other platforms' packages are absent. */
function isInstalled() {
  const done = join(projectFolder, 'node_modules', '.package-lock.json');
  if (!existsSync(done)) return false;
  const wanted = packagesOf(join(projectFolder, 'package-lock.json'));
  const installed = packagesOf(done);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed[path];
    return there
      ? there.version === entry.version && there.integrity === entry.integrity
      : entry.optional === true;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

async function build() {
  const sources = sourcesMark();
  if (isBuilt(sources)) return;
  say('Compiling');
  const tsc = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await run(process.execPath, [tsc, '-b']);
  if (code !== 0) throw new CannotStart(`The code does not compile:\n${output.trim()}`);
  writeFileSync(BUILD_STAMP, sources);
}

/** @param {string} sources */
function isBuilt(sources) {
  if (!existsSync(BUILD_STAMP) || readFileSync(BUILD_STAMP, 'utf8') !== sources) return false;
  return projects().every((project) => existsSync(join(project, 'dist', '.tsbuildinfo')));
}

/** Names, sizes and times of every source: reading them takes 20 ms, asking the compiler over a second. */
function sourcesMark() {
  const hash = createHash('sha256');
  for (const file of [join(projectFolder, 'tsconfig.base.json'), join(projectFolder, 'package-lock.json')])
    add(file);
  for (const project of projects()) {
    add(join(project, 'tsconfig.json'));
    for (const name of readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).sort()) {
      if (name.endsWith('.ts') && !name.endsWith('.spec.ts')) add(join(project, 'src', name));
    }
  }
  return hash.digest('hex');

  /** @param {string} file */
  function add(file) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
}

/** The folders that the root tsconfig.json builds. */
function projects() {
  /** @type {{ references: { path: string }[] }} */
  const { references } = JSON.parse(readFileSync(join(projectFolder, 'tsconfig.json'), 'utf8'));
  return references.map(({ path }) => join(projectFolder, path));
}

/**
 * Runs a command in the project's folder to its end; its output is kept.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>} code is null when the command does not exist
 */
function run(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: projectFolder });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => done({ code: null, output: error.message }));
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}
