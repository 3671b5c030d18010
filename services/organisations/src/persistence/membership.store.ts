import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { MembershipStore, type PublishedMembers } from '../application/ports.js';
import type { PcnChange } from '../domain/memberships/pcn-members.js';
import type { MemberSpell } from '../domain/memberships/spell.js';

type SpellRow = MemberSpell & { pcn_code: string };
const SPELLS = `SELECT pcn_code, practice_code AS "practiceCode", from_on AS "from", to_on AS "to" FROM membership_spell`;
const ORDER = `ORDER BY pcn_code, practice_code, from_on`;

@Injectable()
export class PgMembershipStore extends MembershipStore {
  override async all(tx: Tx): Promise<Map<string, PublishedMembers>> {
    const pcns = await tx.query<{ pcn_code: string; version: bigint }>(
      `SELECT pcn_code, version FROM pcn_membership`,
    );
    const spells = await tx.query<SpellRow>(`${SPELLS} ${ORDER}`);
    return assemble(pcns.rows, spells.rows);
  }

  override async lock(tx: Tx, pcnCodes: readonly string[]): Promise<Map<string, PublishedMembers>> {
    const inOrder = [...new Set(pcnCodes)].sort();
    // A PCN that never had members has no row yet: two first members must wait for each other, too.
    await tx.query(
      `INSERT INTO pcn_membership (pcn_code, version) SELECT code, 0 FROM unnest($1::text[]) AS code ORDER BY code ON CONFLICT DO NOTHING`,
      [textArray(inOrder)],
    );
    const pcns = await tx.query<{ pcn_code: string; version: bigint }>(
      `SELECT pcn_code, version FROM pcn_membership WHERE pcn_code = ANY($1) ORDER BY pcn_code FOR UPDATE`,
      [inOrder],
    );
    const spells = await tx.query<SpellRow>(`${SPELLS} WHERE pcn_code = ANY($1) ${ORDER}`, [inOrder]);
    return assemble(pcns.rows, spells.rows);
  }

  override async save(tx: Tx, pcns: ReadonlyMap<string, PublishedMembers>): Promise<void> {
    if (pcns.size === 0) return;
    const codes = [...pcns.keys()];
    const spells = [...pcns].flatMap(([pcnCode, { members }]) => members.map((m) => ({ pcnCode, ...m })));
    await tx.query(`DELETE FROM membership_spell WHERE pcn_code = ANY($1)`, [codes]);
    await tx.query(
      `INSERT INTO pcn_membership (pcn_code, version) SELECT * FROM unnest($1::text[], $2::bigint[])
       ON CONFLICT (pcn_code) DO UPDATE SET version = excluded.version`,
      [textArray(codes), plainArray([...pcns.values()].map((p) => p.version))],
    );
    await tx.query(
      `INSERT INTO membership_spell (pcn_code, practice_code, from_on, to_on)
       SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::date[])`,
      [
        textArray(spells.map((s) => s.pcnCode)),
        textArray(spells.map((s) => s.practiceCode)),
        plainArray(spells.map((s) => s.from)),
        plainArray(spells.map((s) => s.to)),
      ],
    );
  }

  override async keepTold(tx: Tx, changes: readonly PcnChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `INSERT INTO pcn_membership_told (pcn_code, version, kind, state)
       SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::jsonb[])`,
      [
        textArray(changes.map(({ state }) => state.pcnCode)),
        plainArray(changes.map(({ state }) => state.membershipVersion)),
        textArray(changes.map(({ kind }) => kind)),
        textArray(changes.map(({ state }) => JSON.stringify(state))),
      ],
    );
  }
}

function assemble(
  pcns: readonly { pcn_code: string; version: bigint }[],
  spells: readonly SpellRow[],
): Map<string, PublishedMembers> {
  const members = new Map<string, MemberSpell[]>(pcns.map((pcn) => [pcn.pcn_code, []]));
  for (const { pcn_code, practiceCode, from, to } of spells)
    members.get(pcn_code)!.push({ practiceCode, from, to });
  return new Map(
    pcns.map(({ pcn_code, version }) => [pcn_code, { version, members: members.get(pcn_code)! }]),
  );
}
