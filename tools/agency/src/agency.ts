// @ts-nocheck
// A payment agency as the other side sees it: pulls files, checks them itself, pays each line once, and answers.
// AGENCY_TOKEN=<jwt> node agency.js --url <payment-export> --state <folder> [--reject X00001:SERVICE,…] [--return X00001:SERVICE,… --returned-on 2026-09-23 --repeat] [--repeat] [--shuffle] [--corrupt]
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ledger } from './ledger.js';

const options = readOptions(process.argv.slice(2));
mkdirSync(options.state, { recursive: true });
const ledger = Ledger.open(join(options.state, 'ledger.json'));

const totals = { files: 0, accepted: 0, rejected: 0, returned: 0, acceptedPence: 0n };
for (const file of await filesToAnswer()) {
  const lines = await download(file);
  const answers = lines.map((line) => decide(file, line));
  await acknowledge(file, answers);
  ledger.noteFile(file.fileName, file.sha256);
  ledger.save();
  totals.files++;
}
console.log(JSON.stringify({ ...totals, acceptedPence: String(totals.acceptedPence) }));

function readOptions(words) {
  const read = { reject: [], return: [], repeat: false, shuffle: false, corrupt: false };
  for (let at = 0; at < words.length; at++) {
    const name = words[at].slice(2);
    if (name in read && typeof read[name] === 'boolean') read[name] = true;
    else if (name === 'reject' || name === 'return') read[name] = words[++at].split(',').filter(Boolean);
    else read[name] = words[++at];
  }
  // The day of the system's own clock, which need not be the real one.
  if (read.return.length > 0 && !read['returned-on'])
    throw new Error('--return needs the day on which the credits come back. Name it with --returned-on.');
  return read;
}

async function ask(method, path, body) {
  const answer = await fetch(`${options.url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${process.env.AGENCY_TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'text/csv', 'idempotency-key': randomUUID() }),
    },
    body,
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok)
    throw new Error(`${method} ${path} answered ${answer.status}: ${bytes.toString('utf8').slice(0, 300)}`);
  return bytes;
}

/** Oldest first; with --repeat also those that were answered before. */
async function filesToAnswer() {
  const files = [];
  let cursor = '';
  do {
    const page = JSON.parse(await ask('GET', `payment-files?limit=100${cursor && `&cursor=${cursor}`}`));
    files.push(...page.items);
    cursor = page.nextCursor ?? '';
  } while (cursor);
  return files.filter((file) => options.repeat || !ledger.hasFile(file.fileName)).reverse();
}

/** The file's lines, after its SHA-256, count and total were found to be what the manifest says. */
async function download({ fileName }) {
  const bytes = await ask('GET', `payment-files/${fileName}`);
  const manifest = JSON.parse(await ask('GET', `payment-files/${fileName}/manifest`));
  const [header, ...rows] = bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const lines = rows.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at]])));
  const total = lines.reduce((sum, line) => sum + BigInt(line.amount_pence), 0n);
  const wrong = [
    createHash('sha256').update(bytes).digest('hex') !== manifest.sha256 && 'SHA-256',
    lines.length !== manifest.lines && 'line count',
    total !== BigInt(manifest.totalPence) && 'control total',
  ].filter(Boolean);
  if (wrong.length > 0)
    throw new Error(`${fileName} is not what its manifest says: ${wrong.join(', ')}. Nothing was paid.`);
  return lines;
}

/** What the provider's bank sends back of what was paid before, with the day; it says the same when asked again. */
function comesBack(identity, line) {
  const wanted = options.return.includes(`${line.provider_code}:${line.service_code}`);
  if (!wanted || ledger.answerOf(identity) !== 'ACCEPTED') return ledger.returnedOn(identity);
  totals.returned++;
  return ledger.putBack(identity, BigInt(line.amount_pence), options['returned-on']);
}

/** Pays the line, unless it was paid before or is to be rejected; a declaration is rejected once. */
function decide({ fileName }, line) {
  const identity = `${line.declaration_id}|${line.declaration_version}|${line.attempt}`;
  const stated = `${fileName},${line.line_number},${line.declaration_id},${line.attempt},${line.amount_pence}`;
  const returnedOn = comesBack(identity, line);
  if (returnedOn) return `${stated},RETURNED,ARUCS-B,The account is closed.,${returnedOn}`;
  const wanted = options.reject.includes(`${line.provider_code}:${line.service_code}`);
  const rejected =
    ledger.answerOf(identity) === 'REJECTED' || (wanted && !ledger.wasRejected(line.declaration_id));
  if (rejected) {
    ledger.reject(identity, line.declaration_id, BigInt(line.amount_pence));
    totals.rejected++;
  } else {
    ledger.pay(identity, BigInt(line.amount_pence));
    totals.accepted++;
    totals.acceptedPence += BigInt(line.amount_pence);
  }
  return rejected ? `${stated},REJECTED,ACCOUNT_CLOSED,The account is closed.,` : `${stated},ACCEPTED,,,`;
}

async function acknowledge({ fileName }, answers) {
  const lines = options.shuffle ? [...answers].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) : answers;
  if (options.corrupt) lines.splice(1, 0, 'this,is,no,acknowledgement');
  const header =
    'file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason,returned_on';
  await ask(
    'POST',
    `acknowledgement-files?fileName=${encodeURIComponent(`ack-${fileName}`)}`,
    `${[header, ...lines].join('\n')}\n`,
  );
}

/** Shuffles the same way each time. */
function digest(text) {
  return createHash('sha256').update(text).digest('hex');
}
