import { eventually, type ServiceUnderTest } from '@attest/testing';

/** Once the service's own directory, which follows its events as every other's does, holds all that was recorded. */
export const directoryFollowed = (service: ServiceUnderTest): Promise<unknown> =>
  eventually(async () => {
    const { rows } = await service.database.query<{ behind: number }>(
      `SELECT (SELECT count(*) FROM organisation o
               WHERE NOT EXISTS (SELECT FROM directory_organisation d
                                 WHERE d.code = o.code AND d.version >= o.version))
            + (SELECT count(*) FROM role_assignment a
               WHERE NOT EXISTS (SELECT FROM directory_role d
                                 WHERE (d.person_id, d.role, d.organisation_code)
                                     = (a.person_id, a.role, a.organisation_code) AND d.version >= a.version)) AS behind`,
    );
    return Number(rows[0]!.behind) === 0;
  });
