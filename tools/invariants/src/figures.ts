// @ts-nocheck
// I8: a figure equals its recomputation from source by plain SQL, and the published results.
import { readFileSync } from 'node:fs';
import { splitCsv } from './evidence.js';
import { verdict } from './payments.js';

export async function figuresEqualTheirSource({ history, world }) {
  const { manifest } = world;
  const wrong = [];
  const counts = { qofResults: 0, qofTotals: 0, itemOfService: 0, pcn: 0 };
  const newestOf = (service, date, code) => history.achievements.get(`${service}|${date}|${code}`)?.at(-1);

  // Published points, practice by practice and indicator by indicator.
  const first = (service, date, code) => history.achievements.get(`${service}|${date}|${code}`)?.[0];
  for (const row of readCsv(manifest.expected.qof)) {
    const figure = first(manifest.qof.serviceCode, manifest.qof.achievementDate, row.practice_code);
    const points = figure?.values.find(
      (value) => value.indicatorCode === row.indicator_code && value.measure === 'ACHIEVED_POINTS',
    )?.value;
    counts.qofResults++;
    if (points === undefined || hundredths(points) !== hundredths(row.achieved_points))
      wrong.push(`${row.practice_code} ${row.indicator_code}: ${points} for ${row.achieved_points}`);
  }
  for (const row of readCsv(manifest.expected.qofTotals)) {
    const figure = first(manifest.qof.serviceCode, manifest.qof.achievementDate, row.practice_code);
    counts.qofTotals++;
    if (!figure || hundredths(figure.points) !== hundredths(row.total_achieved_points))
      wrong.push(`${row.practice_code}: ${figure?.points} points for ${row.total_achieved_points}`);
  }
  for (const row of readCsv(manifest.expected.items)) {
    const figure = first(row.service_code, row.achievement_date, row.practice_code);
    counts.itemOfService++;
    if (figure?.pence !== row.pence)
      wrong.push(`${row.practice_code} ${row.service_code}: ${figure?.pence} for ${row.pence}`);
  }
  // Capitation by plain SQL over organisations' own tables, rounded half-up to the penny.
  for (const service of manifest.services.filter((one) => one.capitation)) {
    const { numerator, denominator } = service.capitation;
    const rows = await world.rows(
      'organisations',
      `SELECT m.pcn_code, floor(sum(l.patients) * $2::numeric / $3::numeric + 0.5)::text AS pence
         FROM membership_spell m
         JOIN organisation o ON o.code = m.practice_code
         CROSS JOIN LATERAL (
           SELECT (one->>'registeredPatients')::bigint AS patients FROM jsonb_array_elements(o.list_sizes) AS one
            WHERE one->>'listSizeOn' <= $1::text ORDER BY one->>'listSizeOn' DESC LIMIT 1) l
        WHERE m.from_on <= $1::date AND (m.to_on IS NULL OR m.to_on > $1::date)
        GROUP BY m.pcn_code`,
      [service.achievementDate, numerator, denominator],
    );
    for (const { pcn_code, pence } of rows) {
      const figure = newestOf(service.serviceCode, service.achievementDate, pcn_code);
      if (!figure) continue;
      counts.pcn++;
      if (figure.pence !== pence)
        wrong.push(`${pcn_code} ${service.serviceCode}: ${figure.pence} for ${pence}`);
    }
  }
  return verdict(
    wrong.length === 0 && counts.qofResults > 0 && counts.pcn > 0,
    'figures equal the published results and plain SQL over their source',
    { ...counts, wrong: wrong.slice(0, 5) },
  );
}

function readCsv(path) {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n').map(splitCsv);
  return lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at]])));
}

/** `12.3` and `12.30` are the same points. */
function hundredths(text) {
  const [whole, part = ''] = text.split('.');
  return BigInt(whole + part.padEnd(2, '0').slice(0, 2));
}
