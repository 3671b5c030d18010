/** Files of organisations and people as they are imported, all made up. */

export const csv = (header: string, rows: readonly string[]): string => [header, ...rows, ''].join('\n');

export interface MadeUpMember {
  readonly code: string;
  readonly pcn: string;
  readonly patients: number;
}

export interface MadeUpPerson {
  readonly personId: string;
  readonly role: string;
  readonly organisationCode: string;
}

/** By layout, in the order in which they are imported. Everything lies in one region, ICB and sub-ICB. */
export function organisationFiles(
  members: readonly MadeUpMember[],
  people: readonly MadeUpPerson[],
): [layout: string, csv: string][] {
  return [
    [
      'practices',
      csv(
        'practice_code,name,region_code,icb_code,sub_icb_code,postcode,open_date,close_date,status,joined_commissioner_date,left_commissioner_date,prescribing_setting',
        members.map(
          ({ code }) => `${code},MADE-UP SURGERY ${code},XY1,XQA,X1A,ZZ1 1ZZ,1974-04-01,,A,2020-04-01,,4`,
        ),
      ),
    ],
    [
      'practice-pcn-icb',
      csv(
        'practice_code,practice_name,pcn_code,pcn_name,sub_icb_code,icb_code,icb_name,region_code,region_name,supplier,registered_patients',
        members.map(
          ({ code, pcn, patients }) =>
            `${code},MADE-UP SURGERY ${code},${pcn},MADE-UP PCN ${pcn},X1A,XQA,Made-up Board,XY1,Made-up Region,NONE,${patients}`,
        ),
      ),
    ],
    [
      'people',
      csv(
        'person_id,name,role,organisation_code,from,to',
        people.map((p) => `${p.personId},Somebody,${p.role},${p.organisationCode},2020-01-01,`),
      ),
    ],
  ];
}
