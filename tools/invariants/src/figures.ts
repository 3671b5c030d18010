// I8: a figure equals its recomputation from source by plain SQL, and the published results.
import { readFileSync } from 'node:fs';
import { readCsv } from './evidence.js';
import type { Evidence } from './month.js';
import { verdict } from './verdict.js';

type QofColumn = 'practice_code' | 'indicator_code' | 'achieved_points';
type QofTotalColumn = 'practice_code' | 'total_achieved_points';
type ItemColumn = 'practice_code' | 'service_code' | 'achievement_date' | 'pence';
interface NetworkPence {
  readonly pcn_code: string;
  readonly pence: string;
}

export async function figuresEqualTheirSource({ history, world }: Pick<Evidence, 'history' | 'world'>) {
  const { manifest } = world;
  const wrong: string[] = [];
  const counts = { qofResults: 0, qofTotals: 0, itemOfService: 0, pcn: 0 };
  const figuresOf = (service: string, date: string, code: string) =>
    history.achievements.get(`${service}|${date}|${code}`) ?? [];

  // Published points, practice by practice and indicator by indicator.
  const first = (service: string, date: string, code: string) => figuresOf(service, date, code)[0];
  for (const row of readRows<QofColumn>(manifest.expected.qof)) {
    const figure = first(manifest.qof.serviceCode, manifest.qof.achievementDate, row.practice_code);
    const points = figure?.values.find(
      (value) => value.indicatorCode === row.indicator_code && value.measure === 'ACHIEVED_POINTS',
    )?.value;
    counts.qofResults++;
    if (points === undefined || hundredths(points) !== hundredths(row.achieved_points))
      wrong.push(`${row.practice_code} ${row.indicator_code}: ${points} for ${row.achieved_points}`);
  }
  for (const row of readRows<QofTotalColumn>(manifest.expected.qofTotals)) {
    const figure = first(manifest.qof.serviceCode, manifest.qof.achievementDate, row.practice_code);
    counts.qofTotals++;
    if (!figure?.points || hundredths(figure.points) !== hundredths(row.total_achieved_points))
      wrong.push(`${row.practice_code}: ${figure?.points} points for ${row.total_achieved_points}`);
  }
  for (const row of readRows<ItemColumn>(manifest.expected.items)) {
    const figure = first(row.service_code, row.achievement_date, row.practice_code);
    counts.itemOfService++;
    if (figure?.pence !== row.pence)
      wrong.push(`${row.practice_code} ${row.service_code}: ${figure?.pence} for ${row.pence}`);
  }
  // Capitation by plain SQL over organisations' own tables, rounded half-up to the penny.
  for (const { capitation, serviceCode, achievementDate } of manifest.services) {
    if (!capitation) continue;
    const rows = await world.rows<NetworkPence>(
      'organisations',
      `SELECT m.pcn_code, floor(sum(l.patients) * $2::numeric / $3::numeric + 0.5)::text AS pence
         FROM membership_spell m
         JOIN organisation o ON o.code = m.practice_code
         CROSS JOIN LATERAL (
           SELECT (one->>'registeredPatients')::bigint AS patients FROM jsonb_array_elements(o.list_sizes) AS one
            WHERE one->>'listSizeOn' <= $1::text ORDER BY one->>'listSizeOn' DESC LIMIT 1) l
        WHERE m.from_on <= $1::date AND (m.to_on IS NULL OR m.to_on > $1::date)
        GROUP BY m.pcn_code`,
      [achievementDate, capitation.numerator, capitation.denominator],
    );
    for (const { pcn_code, pence } of rows) {
      const figure = figuresOf(serviceCode, achievementDate, pcn_code).at(-1);
      if (!figure) continue;
      counts.pcn++;
      if (figure.pence !== pence) wrong.push(`${pcn_code} ${serviceCode}: ${figure.pence} for ${pence}`);
    }
  }
  return verdict(
    wrong.length === 0 && counts.qofResults > 0 && counts.pcn > 0,
    'figures equal the published results and plain SQL over their source',
    { ...counts, wrong: wrong.slice(0, 5) },
  );
}

const readRows = <Column extends string>(path: string) => readCsv<Column>(readFileSync(path, 'utf8').trim());

/** `12.3` and `12.30` are the same points. */
function hundredths(text: string): bigint {
  const [whole = '', part = ''] = text.split('.');
  return BigInt(whole + part.padEnd(2, '0').slice(0, 2));
}
