// A payment agency as the other side sees it: pulls files, checks them itself, pays each line once, and answers. It takes
// no code of the product: what it knows is the documented HTTP API and file layout.
// AGENCY_TOKEN=<jwt> node agency.js --url <payment-export> --state <folder> [--reject X00001:SERVICE,…] [--return X00001:SERVICE,… --returned-on 2026-09-23 --repeat] [--repeat] [--shuffle] [--corrupt]
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ledger } from './ledger.js';
import { readOptions } from './options.js';
import {
  checkedLines,
  type Manifest,
  type Page,
  type PaymentFile,
  type PaymentLine,
} from './payment-file.js';

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

async function ask(method: 'GET' | 'POST', path: string, body?: string): Promise<Buffer> {
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

/** The answer is JSON; the caller names what it expects of it. */
async function read<Body>(path: string): Promise<Body> {
  const bytes = await ask('GET', path);
  return JSON.parse(bytes.toString('utf8'));
}

/** Oldest first; with --repeat also those that were answered before. */
async function filesToAnswer(): Promise<PaymentFile[]> {
  const files: PaymentFile[] = [];
  let cursor = '';
  do {
    const page = await read<Page>(`payment-files?limit=100${cursor && `&cursor=${cursor}`}`);
    files.push(...page.items);
    cursor = page.nextCursor ?? '';
  } while (cursor);
  return files.filter((file) => options.repeat || !ledger.hasFile(file.fileName)).reverse();
}

async function download({ fileName }: PaymentFile): Promise<PaymentLine[]> {
  const bytes = await ask('GET', `payment-files/${fileName}`);
  const manifest = await read<Manifest>(`payment-files/${fileName}/manifest`);
  return checkedLines(fileName, bytes, manifest);
}

/** What the provider's bank sends back of what was paid before, with the day; it says the same when asked again. */
function comesBack(identity: string, line: PaymentLine): string | undefined {
  const wanted = options.return.includes(`${line.provider_code}:${line.service_code}`);
  if (!wanted || ledger.answerOf(identity) !== 'ACCEPTED') return ledger.returnedOn(identity);
  totals.returned++;
  return ledger.putBack(identity, BigInt(line.amount_pence), options.returnedOn);
}

/** Pays the line, unless it was paid before or is to be rejected; a declaration is rejected once. */
function decide({ fileName }: PaymentFile, line: PaymentLine): string {
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

async function acknowledge({ fileName }: PaymentFile, answers: readonly string[]): Promise<void> {
  const lines = options.shuffle
    ? [...answers].sort((a, b) => (digest(a) < digest(b) ? -1 : 1))
    : [...answers];
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
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
