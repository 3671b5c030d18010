/** The published layouts that organisation files come in; `people` is our own. */
export const LAYOUTS = ['practices', 'pcns', 'pcn-memberships', 'practice-pcn-icb', 'people'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** First lines, in the order in which they are published. A file may have its columns in another order. */
export const COLUMNS = {
  practices: [
    'practice_code',
    'name',
    'region_code',
    'icb_code',
    'sub_icb_code',
    'postcode',
    'open_date',
    'close_date',
    'status',
    'joined_commissioner_date',
    'left_commissioner_date',
    'prescribing_setting',
  ],
  pcns: ['pcn_code', 'pcn_name', 'sub_icb_code', 'sub_icb_name', 'open_date', 'close_date', 'postcode'],
  'pcn-memberships': [
    'practice_code',
    'practice_name',
    'practice_sub_icb_code',
    'pcn_code',
    'pcn_name',
    'pcn_sub_icb_code',
    'start_date',
    'end_date',
    'same_sub_icb',
  ],
  'practice-pcn-icb': [
    'practice_code',
    'practice_name',
    'pcn_code',
    'pcn_name',
    'sub_icb_code',
    'icb_code',
    'icb_name',
    'region_code',
    'region_name',
    'supplier',
    'registered_patients',
  ],
  people: ['person_id', 'name', 'role', 'organisation_code', 'from', 'to'],
} as const satisfies Record<Layout, readonly string[]>;

/** A row's fields by column name. */
export type Row<L extends Layout> = Readonly<Record<(typeof COLUMNS)[L][number], string>>;
