import type { LondonDate } from '@attest/calendar';
import { ENGLAND, ROLES, type Role } from '@attest/contracts';
import type { CommissionerRecord, PcnRecord, PracticeRecord } from '../register/records.js';
import { code, codeOrNull, count, date, dateOrNull, dayAfterLast, inOrder, name, ownCode } from './fields.js';
import type { Row } from './layouts.js';
import { UNALLOCATED } from './named-codes.js';
import { RowRejected } from './rejected-row.js';

const STATUSES = new Set(['A', 'C', 'D', 'P']);
const SETTING = /^\d{1,3}$/;
const PERSON_ID = /^\S{1,120}$/;

export function readPractice(row: Row<'practices'>, asAt: LondonDate): PracticeRecord {
  const openOn = dateOrNull(row.open_date, 'open_date');
  const closeOn = dayAfterLast(row.close_date, 'close_date');
  inOrder(openOn, closeOn, 'close_date');
  if (!STATUSES.has(row.status)) throw new RowRejected('STATUS_UNKNOWN', 'status');
  if (!SETTING.test(row.prescribing_setting)) throw new RowRejected('SETTING_FORMAT', 'prescribing_setting');
  return {
    practiceCode: ownCode(row.practice_code, 'practice_code'),
    source: 'practices',
    asAt,
    name: name(row.name, 'name'),
    regionCode: codeOrNull(row.region_code, 'region_code'),
    icbCode: codeOrNull(row.icb_code, 'icb_code'),
    subIcbCode: subIcb(row.sub_icb_code),
    openOn,
    closeOn,
    prescribingSetting: Number(row.prescribing_setting),
    registeredPatients: null,
  };
}

export function readPcn(row: Row<'pcns'>, asAt: LondonDate): PcnRecord {
  const openOn = dateOrNull(row.open_date, 'open_date');
  const closeOn = dayAfterLast(row.close_date, 'close_date');
  inOrder(openOn, closeOn, 'close_date');
  return {
    pcnCode: ownCode(row.pcn_code, 'pcn_code'),
    source: 'pcns',
    asAt,
    name: name(row.pcn_name, 'pcn_name'),
    subIcbCode: subIcb(row.sub_icb_code),
    openOn,
    closeOn,
    withPatients: null,
  };
}

export interface MembershipRow {
  readonly practice: PracticeRecord;
  readonly pcn: PcnRecord;
  readonly from: LondonDate;
  readonly to: LondonDate | null;
}

export function readMembership(row: Row<'pcn-memberships'>, asAt: LondonDate): MembershipRow {
  const from = date(row.start_date, 'start_date');
  const to = dayAfterLast(row.end_date, 'end_date');
  inOrder(from, to, 'end_date');
  return {
    practice: {
      ...namedPractice(row.practice_code, row.practice_name, row.practice_sub_icb_code),
      source: 'pcn-memberships',
      asAt,
    },
    pcn: {
      ...namedPcn(row.pcn_code, row.pcn_name, row.pcn_sub_icb_code),
      source: 'pcn-memberships',
      asAt,
    },
    from,
    to,
  };
}

export interface LocationRow {
  readonly practice: PracticeRecord;
  /** Null when the practice is in no PCN. */
  readonly pcn: PcnRecord | null;
  readonly commissioner: CommissionerRecord;
}

export function readLocation(row: Row<'practice-pcn-icb'>, asAt: LondonDate): LocationRow {
  const regionCode = code(row.region_code, 'region_code');
  const icbCode = code(row.icb_code, 'icb_code');
  const registeredPatients = count(row.registered_patients, 'registered_patients');
  return {
    practice: {
      ...namedPractice(row.practice_code, row.practice_name, row.sub_icb_code),
      source: 'practice-pcn-icb',
      asAt,
      regionCode,
      icbCode,
      registeredPatients,
    },
    pcn:
      row.pcn_code === UNALLOCATED
        ? null
        : {
            ...namedPcn(row.pcn_code, row.pcn_name, ''),
            source: 'practice-pcn-icb',
            asAt,
            withPatients: registeredPatients > 0,
          },
    commissioner: {
      icbCode,
      asAt,
      name: name(row.icb_name, 'icb_name'),
      regionCode,
      regionName: name(row.region_name, 'region_name'),
    },
  };
}

export interface RoleRow {
  readonly personId: string;
  readonly personName: string;
  readonly role: Role;
  readonly organisationCode: string;
  readonly validFrom: LondonDate;
  readonly validTo: LondonDate | null;
}

/** Our own layout: unlike in the Organisation Data Service's, `to` is the day after the last. */
export function readRole(row: Row<'people'>): RoleRow {
  if (!PERSON_ID.test(row.person_id)) throw new RowRejected('PERSON_ID_FORMAT', 'person_id');
  const role = ROLES.find((known) => known === row.role);
  if (role === undefined) throw new RowRejected('ROLE_UNKNOWN', 'role');
  const organisationCode = code(row.organisation_code, 'organisation_code');
  if (role === 'NATIONAL_OPERATOR' && organisationCode !== ENGLAND)
    throw new RowRejected('ROLE_NOT_THERE', 'organisation_code');
  const validFrom = date(row.from, 'from');
  const validTo = dateOrNull(row.to, 'to');
  inOrder(validFrom, validTo, 'to');
  return {
    personId: row.person_id,
    personName: name(row.name, 'name'),
    role,
    organisationCode,
    validFrom,
    validTo,
  };
}

/** Sub-ICB codes begin with a digit as often as not, so they are no ODS codes of ours. */
function subIcb(text: string): string | null {
  if (text === '') return null;
  if (!/^[A-Z0-9]{2,10}$/.test(text)) throw new RowRejected('CODE_FORMAT', 'sub_icb_code');
  return text;
}

const namedPractice = (practiceCode: string, practiceName: string, subIcbCode: string) => ({
  practiceCode: ownCode(practiceCode, 'practice_code'),
  name: name(practiceName, 'practice_name'),
  subIcbCode: subIcb(subIcbCode),
  regionCode: null,
  icbCode: null,
  openOn: null,
  closeOn: null,
  prescribingSetting: null,
  registeredPatients: null,
});

const namedPcn = (pcnCode: string, pcnName: string, subIcbCode: string) => ({
  pcnCode: ownCode(pcnCode, 'pcn_code'),
  name: name(pcnName, 'pcn_name'),
  subIcbCode: subIcb(subIcbCode),
  openOn: null,
  closeOn: null,
  withPatients: null,
});
