// @ts-nocheck
// The files that a month is made of, by the names under which they are published (README.md).
export const PUBLISHED_FILES = {
  practices: 'practices.csv.gz',
  pcns: 'pcn.csv.gz',
  memberships: 'pcn_membership.csv.gz',
  july: 'practice_pcn_icb_2026-07.csv.gz',
  qof: 'qof_2014-15_asthma_achievement.csv.gz',
  qofPractices: 'qof_2014-15_asthma_practices.csv.gz',
  qofIndicators: 'qof_2014-15_asthma_indicators.csv',
  payments: 'nhs_payments_2022-23_practice.csv.gz',
};

/** Stands in a made-up folder, and in no published one. */
export const MADE_UP_MARK = 'MADE-UP.json';
