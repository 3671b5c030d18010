// Asthma 2014/15: registers, numerators and denominators, and the points that follow from them.

const PRACTICES = 6_042;
const EMPTY_DENOMINATORS = 24;

export const QOF_INDICATORS = [
  { code: 'AST001', kind: 'register', points: 4 },
  { code: 'AST002', kind: 'fraction', points: 15, lower: 45, upper: 80 },
  { code: 'AST003', kind: 'fraction', points: 20, lower: 45, upper: 70 },
  { code: 'AST004', kind: 'fraction', points: 6, lower: 45, upper: 80 },
];

/** Hundredths of a point, rounded once, half-up, at the end; an empty denominator earns none. */
export function hundredthsOfPoints({ points, lower, upper }, numerator, denominator) {
  if (denominator === 0) return 0;
  const above = BigInt(100 * numerator - lower * denominator);
  const width = BigInt((upper - lower) * denominator);
  const raw = (2n * 100n * BigInt(points) * above + width) / (2n * width);
  const most = BigInt(points) * 100n;
  return Number(above <= 0n ? 0n : raw > most ? most : raw);
}

const text = (hundredths) =>
  hundredths % 100 === 0 ? String(hundredths / 100) : (hundredths / 100).toFixed(2).replace(/0$/, '');

export function madeUpQof(random, { open, closed }) {
  const rows = [];
  const practices = [];
  let emptied = 0;
  const after = (practice) => practice.closedOn === '' || practice.closedOn > '2015-04-30';
  const taking = [...closed.filter(after), ...open].slice(0, PRACTICES);
  for (const practice of taking) {
    const list = practice.patients || random.int(1_500, 12_000);
    const register = Math.max(20, Math.floor(list * (0.05 + 0.02 * random.next())));
    let total = 400;
    let exceptions = 0;
    let denominators = 0;
    rows.push(
      [practice.code, 'AST001', 'REGISTER', register],
      [practice.code, 'AST001', 'ACHIEVED_POINTS', 4],
    );
    for (const indicator of QOF_INDICATORS.slice(1)) {
      const empty = emptied < EMPTY_DENOMINATORS && indicator.code === 'AST004' && random.chance(0.01);
      if (empty) emptied++;
      const share = indicator.code === 'AST003' ? 0.92 : indicator.code === 'AST002' ? 0.3 : 0.06;
      const denominator = empty ? 0 : Math.max(1, Math.floor(register * share));
      const numerator = Math.min(
        denominator,
        Math.max(0, Math.floor(denominator * random.normal(0.83, 0.09))),
      );
      const excepted = Math.floor(denominator * 0.08 * random.next());
      const earned = hundredthsOfPoints(indicator, numerator, denominator);
      total += earned;
      exceptions += excepted;
      denominators += denominator;
      rows.push(
        [practice.code, indicator.code, 'NUMERATOR', numerator],
        [practice.code, indicator.code, 'DENOMINATOR', denominator],
        [practice.code, indicator.code, 'EXCEPTIONS', excepted],
        [practice.code, indicator.code, 'ACHIEVED_POINTS', text(earned)],
      );
    }
    practices.push([
      practice.code,
      practice.name,
      practice.icb.region.code,
      practice.icb.code,
      practice.subIcb,
      'MADE-UP CCG',
      list,
      register,
      text(total),
      exceptions,
      denominators,
    ]);
  }
  return { rows, practices };
}
