/**
 * What every achievement must be, as one plain statement over the inputs. It shares nothing with the service but its
 * input tables: participation, thresholds, fees and rounding are written out once more.
 */
export const ORACLE = `
WITH known AS (
  SELECT a.service_code AS s, a.achievement_date AS d, a.organisation_code AS o FROM achievement a),
covered AS (
  SELECT k.* FROM known k WHERE EXISTS (
    SELECT 1 FROM participation x WHERE x.service_code = k.s AND x.provider_code = k.o AND x.from_on <= k.d
      AND ((x.status = 'accepted' AND coalesce(x.to_on, '9999-01-01') > k.d)
        OR (x.status = 'ended' AND x.to_on > k.d)))),
member AS (
  SELECT DISTINCT c.s, c.d, c.o, m.practice_code AS practice
  FROM covered c JOIN membership_spell m ON m.pcn_code = c.o AND daterange(m.from_on, m.to_on) @> c.d),
list AS (
  SELECT p.practice, p.d, (SELECT l.registered_patients FROM list_size l
    WHERE l.organisation_code = p.practice AND l.list_size_on <= p.d ORDER BY l.list_size_on DESC LIMIT 1) AS patients
  FROM (SELECT DISTINCT practice, d FROM member UNION SELECT o, d FROM covered WHERE s = 'PART') p),
figure AS (
  SELECT c.s, c.d, c.o, round(p."values"[1] * 10.06 * 100) AS pence
  FROM covered c JOIN page p ON p.service_code = c.s AND p.achievement_date = c.d AND p.practice_code = c.o
  WHERE c.s = 'VAX'
  UNION ALL
  SELECT c.s, c.d, c.o, round(100 *
    (SELECT (rule_pack -> 'calculation' ->> 'poundsPerPoint')::numeric FROM quality_service WHERE service_code = 'QOF') *
    (CASE WHEN p."values"[1] > 0 THEN 4.00 ELSE 0.00 END
     + CASE WHEN p."values"[3] = 0 THEN 0.00
            ELSE round(15 * least(1, greatest(0, (100.0 * p."values"[2] / p."values"[3] - 45) / (80 - 45))), 2) END))
  FROM covered c JOIN page p ON p.service_code = c.s AND p.achievement_date = c.d AND p.practice_code = c.o
  WHERE c.s = 'QOF'
  UNION ALL
  SELECT m.s, m.d, m.o, CASE WHEN count(l.patients) = count(*) THEN round(sum(l.patients) * 1.50 * 100 / 12) END
  FROM member m JOIN list l USING (practice, d) WHERE m.s = 'CORE' GROUP BY 1, 2, 3
  UNION ALL
  SELECT m.s, m.d, m.o, CASE WHEN count(p.practice_code) = count(*) THEN round(sum(p."values"[1]) * 10.06 * 100) END
  FROM member m LEFT JOIN page p ON p.service_code = m.s AND p.achievement_date = m.d AND p.practice_code = m.practice
  WHERE m.s = 'PCNVAX' GROUP BY 1, 2, 3
  UNION ALL
  SELECT c.s, c.d, c.o, round(l.patients * 1.50 * 100 / 12)
  FROM covered c JOIN list l ON l.practice = c.o AND l.d = c.d WHERE c.s = 'PART')
SELECT k.s AS service_code, k.d::text AS achievement_date, k.o AS organisation_code,
       CASE WHEN f.pence IS NULL THEN 'not-applicable' ELSE 'calculated' END AS state, trim_scale(f.pence)::text AS pence
FROM known k LEFT JOIN figure f USING (s, d, o)
ORDER BY 1, 2, 3`;
