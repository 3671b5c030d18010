import { Injectable } from '@nestjs/common';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { FactStore } from '../application/ports.js';
import type {
  Facts,
  ListSizeFact,
  MemberFact,
  MembershipFact,
  PageFact,
  ParticipationFact,
} from '../domain/facts.js';
import type { Identity, KnownService } from '../domain/service.js';

interface FactRow {
  readonly place: bigint;
  readonly status: ParticipationFact['status'] | null;
  readonly fromOn: string;
  readonly toOn: string | null;
  readonly participationVersion: bigint;
  readonly membershipVersion: bigint | null;
}
interface SourceRow {
  readonly place: bigint;
  readonly practiceCode: string;
  readonly pageVersion: number | null;
  readonly rulePackVersion: number;
  readonly values: (bigint | null)[];
  readonly fileId: string;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly firstLine: bigint;
  readonly lastLine: bigint;
  readonly submittedAt: Date;
  readonly amendmentId: string | null;
  readonly nothingStands: boolean;
  readonly listSizeOn: string | null;
  readonly registeredPatients: bigint;
  readonly listVersion: bigint;
}

const TARGETS = `unnest($2::date[], $3::text[]) WITH ORDINALITY AS t (d, org, place)`;
const PARTICIPATION = `x.status, x.from_on AS "fromOn", x.to_on AS "toOn", x.participation_version AS "participationVersion"`;
const PAGE = `p.page_version AS "pageVersion", p.rule_pack_version AS "rulePackVersion", p."values", p.file_id AS "fileId",
  p.file_name AS "fileName", p.file_sha256 AS "fileSha256", p.first_line AS "firstLine", p.last_line AS "lastLine",
  p.submitted_at AS "submittedAt", p.amendment_id AS "amendmentId", p.nothing_stands AS "nothingStands"`;
const LIST = `l.list_size_on AS "listSizeOn", l.registered_patients AS "registeredPatients", l.organisation_version AS "listVersion"`;

/** The joins that bring a source's page and newest list size on or before the date. */
const sourceColumns = (service: KnownService): string =>
  `${service.needsPage ? `, ${PAGE}` : ''}${service.needsListSize ? `, ${LIST}` : ''}`;
const sourceJoins = (service: KnownService, practice: string): string =>
  (service.needsPage
    ? ` LEFT JOIN page p ON p.service_code = $1 AND p.achievement_date = t.d AND p.practice_code = ${practice}`
    : '') +
  (service.needsListSize
    ? ` LEFT JOIN LATERAL (SELECT * FROM list_size WHERE organisation_code = ${practice} AND list_size_on <= t.d
          ORDER BY list_size_on DESC LIMIT 1) l ON true`
    : '');
const variant = (service: KnownService): string =>
  `${service.needsPage ? '-page' : ''}${service.needsListSize ? '-list' : ''}`;

@Injectable()
export class PgFactStore extends FactStore {
  async load(tx: Tx, service: KnownService, identities: readonly Identity[]): Promise<readonly Facts[]> {
    const values = [
      service.serviceCode,
      plainArray(identities.map((identity) => identity.achievementDate)),
      textArray(identities.map((identity) => identity.organisationCode)),
    ];
    return service.providerKind === 'pcn'
      ? this.ofPcns(tx, service, values)
      : this.ofPractices(tx, service, values);
  }

  private async ofPractices(tx: Tx, service: KnownService, values: unknown[]): Promise<readonly Facts[]> {
    const { rows } = await tx.query<FactRow & SourceRow>(
      {
        name: `facts-of-practices${variant(service)}`,
        text: `SELECT t.place, t.org AS "practiceCode", ${PARTICIPATION} ${sourceColumns(service)}
               FROM ${TARGETS}
               LEFT JOIN participation x ON x.service_code = $1 AND x.provider_code = t.org
               ${sourceJoins(service, 't.org')}
               ORDER BY t.place`,
      },
      values,
    );
    const memberships = service.needsMembership ? await this.membershipsOfPractices(tx, values) : undefined;
    return rows.map((row) => ({
      participation: participation(row),
      page: page(row),
      listSize: listSize(row),
      members: [],
      memberships: memberships?.get(Number(row.place)) ?? [],
    }));
  }

  private async ofPcns(tx: Tx, service: KnownService, values: unknown[]): Promise<readonly Facts[]> {
    const { rows } = await tx.query<FactRow & { org: string }>(
      {
        name: 'facts-of-pcns',
        text: `SELECT t.place, t.org, ${PARTICIPATION}, m.membership_version AS "membershipVersion"
               FROM ${TARGETS}
               LEFT JOIN participation x ON x.service_code = $1 AND x.provider_code = t.org
               LEFT JOIN pcn_membership m ON m.pcn_code = t.org
               ORDER BY t.place`,
      },
      values,
    );
    const { rows: sources } = await tx.query<SourceRow>(
      {
        name: `members-of-pcns${variant(service)}`,
        // Two spells of one practice in one PCN that overlap still make it one member.
        text: `SELECT t.place, t.practice AS "practiceCode" ${sourceColumns(service)}
               FROM (SELECT DISTINCT t.place, t.d, s.practice_code AS practice
                     FROM ${TARGETS}
                     JOIN membership_spell s ON s.pcn_code = t.org AND s.from_on <= t.d AND (s.to_on IS NULL OR s.to_on > t.d)
                     WHERE $1::text IS NOT NULL) t
               ${sourceJoins(service, 't.practice')}
               ORDER BY t.place, t.practice COLLATE "C"`,
      },
      values,
    );
    const members = new Map<number, MemberFact[]>();
    for (const row of sources) {
      const place = Number(row.place);
      const known = members.get(place);
      const member = { practiceCode: row.practiceCode, page: page(row), listSize: listSize(row) };
      if (known) known.push(member);
      else members.set(place, [member]);
    }
    return rows.map((row) => ({
      participation: participation(row),
      page: null,
      listSize: null,
      members: members.get(Number(row.place)) ?? [],
      memberships:
        row.membershipVersion === null ? [] : [{ pcnCode: row.org, version: Number(row.membershipVersion) }],
    }));
  }

  private async membershipsOfPractices(tx: Tx, values: unknown[]): Promise<Map<number, MembershipFact[]>> {
    const { rows } = await tx.query<{ place: bigint; pcnCode: string; version: bigint }>(
      {
        name: 'memberships-of-practices',
        text: `SELECT t.place, e.pcn_code AS "pcnCode", m.membership_version AS version
               FROM ${TARGETS}
               JOIN practice_pcn e ON e.practice_code = t.org
               JOIN pcn_membership m ON m.pcn_code = e.pcn_code
               WHERE $1::text IS NOT NULL
               ORDER BY t.place, e.pcn_code COLLATE "C"`,
      },
      values,
    );
    const found = new Map<number, MembershipFact[]>();
    for (const { place, pcnCode, version } of rows) {
      const fact = { pcnCode, version: Number(version) };
      const known = found.get(Number(place));
      if (known) known.push(fact);
      else found.set(Number(place), [fact]);
    }
    return found;
  }
}

const participation = (row: FactRow): ParticipationFact | null =>
  row.status === null
    ? null
    : { status: row.status, fromOn: row.fromOn, toOn: row.toOn, version: Number(row.participationVersion) };

const page = (row: SourceRow): PageFact | null =>
  row.pageVersion === null || row.pageVersion === undefined || row.nothingStands
    ? null
    : {
        pageVersion: row.pageVersion,
        rulePackVersion: row.rulePackVersion,
        values: row.values,
        fileId: row.fileId,
        fileName: row.fileName,
        fileSha256: row.fileSha256,
        firstLine: Number(row.firstLine),
        lastLine: Number(row.lastLine),
        submittedAt: row.submittedAt.toISOString(),
        ...(row.amendmentId === null ? {} : { amendmentId: row.amendmentId }),
      };

const listSize = (row: SourceRow): ListSizeFact | null =>
  row.listSizeOn === null || row.listSizeOn === undefined
    ? null
    : {
        listSizeOn: row.listSizeOn,
        registeredPatients: row.registeredPatients,
        version: Number(row.listVersion),
      };
