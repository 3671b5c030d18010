import { describe, expect, it, jest } from '@jest/globals';
import { invariantInWords } from '../src/invariant-words.js';
import { barText, canRedraw, followScene } from '../src/progress.js';
import { tellScene } from '../src/report.js';
import { SCENE_NAMES, SCENES } from '../src/scenes/index.js';
import { named, pounds, wrapped } from '../src/words.js';
import { acknowledged, adjusted, approved, movedAfterPayment } from './results.js';

describe('amounts and names', () => {
  it.each([
    ['0', '£0.00'],
    ['7', '£0.07'],
    ['-1234567', '-£12,345.67'],
    ['100000000000', '£1,000,000,000.00'],
  ])('are for people: %s pence are %s', (digits, text) => expect(pounds(digits)).toBe(text));

  it('say a name with its code, not in capitals, and the code alone where nobody knows the name', () => {
    const names = { X1: 'HARBOUR HEALTH CENTRE', U1: 'NORTHGATE PCN', Q1: 'Made-up Board' };
    expect(['X1', 'U1', 'Q1', 'X2'].map((code) => named(names, code))).toEqual([
      'Harbour Health Centre (X1)',
      'Northgate PCN (U1)',
      'Made-up Board (Q1)',
      'X2',
    ]);
  });

  it('stand in lines that fit a terminal', () => {
    const lines = wrapped('a sentence of several words that is longer than it', 20);
    expect(lines.every((line) => line.length <= 20)).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(
      'a sentence of several words that is longer than it',
    );
  });
});

describe('how far a scene has come', () => {
  it.each([
    ['nothing done', { done: 0, total: 8806 }, `[${'.'.repeat(24)}] declared 0 of 8,806`],
    [
      'half done',
      { done: 4403, total: 8806 },
      `[${'#'.repeat(12)}${'.'.repeat(12)}] declared 4,403 of 8,806`,
    ],
    ['more than expected', { done: 9, total: 8 }, `[${'#'.repeat(24)}] declared 9 of 8`],
    ['nothing to do', { done: 0, total: 0 }, `[${'#'.repeat(24)}] declared 0 of 0`],
  ])('is a bar with counts: %s', (_, far, text) =>
    expect(barText({ ...far, what: 'declared' }, 3.9)).toBe(`    ${text}  3 s`),
  );

  it('never breaks its line, which could not be redrawn in place', () => {
    expect(barText({ what: 'waits for '.repeat(20) }, 1, 60)).toHaveLength(59);
  });

  it('is told in a log at most every ten seconds, without a sign for terminals', () => {
    const said: string[] = [];
    const write = jest.fn();
    let now = 0;
    const stream = { write, isTTY: false };
    const scene = followScene({ stream, say: (line: string) => said.push(line), now: () => now });
    for (; now <= 25_000; now += 100) scene.progress(now, 25_000, 'declared');
    scene.progress.step('everybody reads');
    scene.end();
    expect(said).toEqual(['    declared 10,000 of 25,000', '    declared 20,000 of 25,000']);
    expect(write).not.toHaveBeenCalled();
    expect(scene.far()).toBe('everybody reads');
  });

  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a terminal that cannot', { isTTY: true }, { TERM: 'dumb' }, false],
    ['a file', {}, {}, false],
  ])('is redrawn only on a terminal: %s', (_, stream, env, redraws) =>
    expect(canRedraw(stream, env)).toBe(redraws),
  );
});

describe('an invariant', () => {
  const evidence = {
    approvals: 43_012,
    lines: 1,
    filePence: '123456',
    settled: true,
    lost: [],
    differing: { catalogue: 0 },
  };

  it('is one line with its evidence in words', () => {
    expect(invariantInWords('I2', { holds: true, says: 'no identity stands twice', evidence })).toBe(
      'holds   I2   nothing is paid twice: 43,012 approvals, 1 line, £1,234.56 in files, everything read, 0 differing',
    );
  });

  it('says its exact rule and what breaks it', () => {
    const broken = {
      lost: ['d|1: 0 lines'],
      differing: { catalogue: 2, aggregation: 0 },
      auditFaults: [{ service: 'catalogue', code: 'ROW_ALTERED', what: 'offer 7', words: 'It differs.' }],
    };
    expect(invariantInWords('I2', { holds: false, says: 'no identity stands twice', evidence: broken })).toBe(
      'BROKEN  I2   nothing is paid twice (no identity stands twice): lost: d|1: 0 lines, differing: catalogue 2, audit faults: catalogue offer 7: It differs.',
    );
  });
});

describe('what a scene tells', () => {
  it.each(SCENE_NAMES)('is there for %s', (name) => {
    expect(typeof SCENES[name].tell).toBe('function');
  });

  it('names the practice, both networks, how many are held and how much waits', () => {
    const [first] = tellScene('membershipChange', {
      ...{ practice: 'X1', from: 'U1', to: 'U2', held: 38, heldMs: 204, heldPence: '1234567', released: 40 },
      refused: 'HOLD_AWAITS_REAGGREGATION',
      names: { X1: 'Harbour Health Centre', U1: 'Northgate PCN', U2: 'Southgate PCN' },
    });
    expect(first).toBe(
      'Harbour Health Centre (X1) moved from Northgate PCN (U1) to Southgate PCN (U2): within 0.20 s 38 declarations of the two networks were held, £12,345.67 waits.',
    );
  });

  it.each([
    ['acknowledged', () => tellScene('acknowledged', acknowledged())],
    ['adjustments', () => tellScene('adjustments', adjusted())],
    ['movedAfterPayment', () => tellScene('movedAfterPayment', movedAfterPayment())],
    ['approvals', () => tellScene('approvals', approved())],
    ['offers', () => tellScene('offers', { participations: 1, acceptedByProviders: 0 })],
  ])('reads well where there is little or nothing: %s', (_, tell) => {
    const told = tell().join(' ');
    expect(told).not.toMatch(/undefined|null|NaN|£0\.00|[{}[\]]|\b1 \w+s\b/);
    expect(told).not.toMatch(/: \.|: ;/);
  });
});
