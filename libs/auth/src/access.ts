import type { BusinessClock } from '@attest/calendar';
import { ENGLAND, ROLES, type Role } from '@attest/contracts';
import type { AttestError } from '@attest/errors';
import type { Database, Tx } from '@attest/persistence';
import { NotYourOrganisationError, OrganisationUnknownError, RoleMissingError } from './auth.errors.js';
import type { Caller } from './caller.js';

type Reader = Pick<Tx, 'query'> | Pick<Database, 'query'>;

/** Roles that hold on a date. An operator is national or nothing: no organisation can appoint its own. */
const HOLDS = `r.person_id = $1 AND r.role = ANY($2) AND r.valid_from <= $3::date AND (r.valid_to IS NULL OR r.valid_to > $3::date)
  AND (r.role <> 'NATIONAL_OPERATOR' OR r.organisation_code = '${ENGLAND}')`;

/**
 * What a caller may do, from this service's own copy of the directory, asked afresh each time: a role that ended
 * stops working with the event that ends it. A role counts at its organisation and everything below it.
 */
export class Access {
  constructor(
    private readonly database: Database,
    private readonly clock: BusinessClock,
  ) {}

  /**
   * What belongs to an organisation of which the caller holds no role at all is not there for them: the same answer as
   * for what does not exist, so that nobody learns from it what others have.
   * @param unknown how this service says that it does not exist
   * @throws `unknown`, usually OrganisationUnknownError 404
   * @throws NotYourOrganisationError 403, where it is one of the caller's and needs another role; also for England as a
   * whole, which is no secret
   */
  async require(
    caller: Caller,
    roles: readonly Role[],
    organisationCode: string,
    unknown: () => AttestError = () => new OrganisationUnknownError(organisationCode),
    reader: Reader = this.database,
  ): Promise<void> {
    const allowed = await this.allowed(caller, roles, [organisationCode], reader);
    if (!allowed.has(organisationCode))
      throw await this.refusalOf(caller, roles, organisationCode, unknown, reader);
  }

  /** For what the caller was shown to see already. @throws NotYourOrganisationError 403 */
  async requireRole(
    caller: Caller,
    roles: readonly Role[],
    organisationCode: string,
    reader: Reader = this.database,
  ): Promise<void> {
    const allowed = await this.allowed(caller, roles, [organisationCode], reader);
    if (!allowed.has(organisationCode)) throw new NotYourOrganisationError(organisationCode, roles);
  }

  /** Which of these are the caller's organisations: there or above, they hold any role. */
  seen(
    caller: Caller,
    organisationCodes: readonly string[],
    reader: Reader = this.database,
  ): Promise<Set<string>> {
    return this.allowed(caller, ROLES, organisationCodes, reader);
  }

  /**
   * Which of these organisations the caller holds one of the roles for. One statement, however many. Inside a
   * transaction give it as `reader`: a second connection could wait for ever on a pool whose others wait likewise.
   */
  async allowed(
    caller: Caller,
    roles: readonly Role[],
    organisationCodes: readonly string[],
    reader: Reader = this.database,
  ): Promise<Set<string>> {
    if (organisationCodes.length === 0) return new Set();
    const { rows } = await reader.query<{ code: string }>(
      {
        name: 'access-allowed',
        text: `
          WITH held AS MATERIALIZED (SELECT DISTINCT r.organisation_code FROM directory_role r WHERE ${HOLDS})
          SELECT asked.code FROM unnest($4::text[]) AS asked(code)
          WHERE EXISTS (SELECT 1 FROM held WHERE held.organisation_code IN (asked.code, '${ENGLAND}'))
             OR EXISTS (SELECT 1 FROM directory_organisation o, held
                        WHERE o.code = asked.code AND held.organisation_code = ANY(o.ancestors))`,
      },
      [caller.personId, roles, this.clock.today(), organisationCodes],
    );
    return new Set(rows.map((row) => row.code));
  }

  /**
   * The organisation at which the caller holds one of the roles for this one: itself, or the nearest above it. What a
   * region does for one of its boards is the region's, and so is the undoing of it.
   * @throws as `require`
   */
  async actsFor(
    caller: Caller,
    roles: readonly Role[],
    organisationCode: string,
    unknown: () => AttestError = () => new OrganisationUnknownError(organisationCode),
    reader: Reader = this.database,
  ): Promise<string> {
    const { rows } = await reader.query<{ code: string }>(
      {
        name: 'access-acts-for',
        text: `
          SELECT r.organisation_code AS code
          FROM directory_role r LEFT JOIN directory_organisation o ON o.code = $4
          WHERE ${HOLDS} AND (r.organisation_code IN ($4, '${ENGLAND}') OR r.organisation_code = ANY(o.ancestors))
          ORDER BY r.organisation_code = $4 DESC, array_position(o.ancestors, r.organisation_code) NULLS LAST
          LIMIT 1`,
      },
      [caller.personId, roles, this.clock.today(), organisationCode],
    );
    if (!rows[0]) throw await this.refusalOf(caller, roles, organisationCode, unknown, reader);
    return rows[0].code;
  }

  /**
   * The organisations at which the caller holds one of the roles; `ENGLAND` is everything. A list filters by it with
   * `isInScope` or `anyIsInScope`.
   */
  async scope(caller: Caller, roles: readonly Role[]): Promise<readonly string[]> {
    const { rows } = await this.database.query<{ code: string }>(
      {
        name: 'access-scope',
        text: `SELECT DISTINCT r.organisation_code AS code FROM directory_role r WHERE ${HOLDS} ORDER BY 1`,
      },
      [caller.personId, roles, this.clock.today()],
    );
    return rows.map((row) => row.code);
  }

  /** Whether the caller holds one of the roles anywhere. @throws RoleMissingError 403 */
  async requireAnywhere(caller: Caller, roles: readonly Role[]): Promise<void> {
    if ((await this.scope(caller, roles)).length === 0) throw new RoleMissingError(roles);
  }

  private async refusalOf(
    caller: Caller,
    roles: readonly Role[],
    organisationCode: string,
    unknown: () => AttestError,
    reader: Reader,
  ): Promise<AttestError> {
    const isTheirs =
      organisationCode === ENGLAND || (await this.seen(caller, [organisationCode], reader)).size > 0;
    return isTheirs ? new NotYourOrganisationError(organisationCode, roles) : unknown();
  }
}
