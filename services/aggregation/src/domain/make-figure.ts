import { calculate, missingInputs, type CalculationStep } from '@attest/calculation';
import type { AchievementInput, DeclaredValue, NotApplicableCode } from '@attest/contracts';
import { participates, type Facts, type ListSizeFact, type PageFact } from './facts.js';
import { addedUp, currentValues } from './page-values.js';
import { runsAt, type Identity, type KnownService } from './service.js';

export interface Explanation {
  readonly rulePack: {
    readonly financialYear: string;
    readonly version: number;
    readonly note: string | null;
  };
  readonly participation: {
    readonly status: string;
    readonly from: string;
    readonly to: string | null;
  } | null;
  readonly pages: readonly PageSource[];
  readonly listSizes: readonly {
    practiceCode: string;
    listSizeOn: string;
    registeredPatients: string;
    version: number;
  }[];
  /** A PCN's members as at the achievement date. */
  readonly members: readonly string[];
  readonly registeredPatients: string | null;
  /** Who lacks what, when there is no figure. */
  readonly missing: readonly string[];
  readonly steps: readonly CalculationStep[];
}
export interface PageSource extends Omit<PageFact, 'values'> {
  readonly practiceCode: string;
}

export interface Figure {
  readonly state: 'calculated' | 'not-applicable';
  readonly code: NotApplicableCode | null;
  readonly pence: bigint | null;
  readonly points: string | null;
  readonly values: readonly DeclaredValue[];
  readonly inputs: readonly AchievementInput[];
  readonly explanation: Explanation;
}

/** The only way from inputs to a figure, for one touched achievement as for a whole period. Pure. */
export function makeFigure(service: KnownService, identity: Identity, facts: Facts): Figure {
  const { rulePack } = service;
  const ofPcn = service.providerKind === 'pcn';
  const sources = sourcesOf(service, identity, facts);
  const inputs = inputsOf(service, identity, facts, sources);
  const explain = (
    missing: readonly string[],
    registered: bigint | null,
    steps: readonly CalculationStep[],
  ): Explanation => ({
    rulePack: { financialYear: rulePack.financialYear, version: rulePack.version, note: rulePack.note },
    participation: facts.participation && {
      status: facts.participation.status,
      from: facts.participation.fromOn,
      to: facts.participation.toOn,
    },
    pages: sources.flatMap(({ practiceCode, page }) => (page ? [pageSource(practiceCode, page)] : [])),
    listSizes: sources.flatMap(({ practiceCode, listSize }) =>
      listSize
        ? [
            {
              practiceCode,
              listSizeOn: listSize.listSizeOn,
              registeredPatients: listSize.registeredPatients.toString(),
              version: listSize.version,
            },
          ]
        : [],
    ),
    members: ofPcn ? facts.members.map((member) => member.practiceCode) : [],
    registeredPatients: registered?.toString() ?? null,
    missing,
    steps,
  });
  const nothing = (code: NotApplicableCode, missing: readonly string[] = []): Figure => ({
    state: 'not-applicable',
    code,
    pence: null,
    points: null,
    values: [],
    inputs,
    explanation: explain(missing, null, []),
  });

  if (!runsAt(service, identity.achievementDate)) return nothing('SERVICE_NOT_RUNNING');
  if (!participates(facts.participation, identity.achievementDate)) return nothing('NOT_PARTICIPATING');
  if (ofPcn && facts.members.length === 0) return nothing('NO_MEMBERS');
  if (service.needsPage) {
    const silent = sources.filter((source) => !source.page);
    if (silent.length > 0)
      return nothing(
        'PAGE_MISSING',
        silent.map((source) => source.practiceCode),
      );
  }
  if (service.needsListSize) {
    const unknown = sources.filter((source) => !source.listSize);
    if (unknown.length > 0)
      return nothing(
        'LIST_SIZE_MISSING',
        unknown.map((source) => source.practiceCode),
      );
  }
  const pages = sources.flatMap((source) => (source.page ? [currentValues(service, source.page)] : []));
  const values = pages.length === 1 ? pages[0]! : addedUp(pages, rulePack);
  const registeredPatients = service.needsListSize
    ? sources.reduce((sum, source) => sum + source.listSize!.registeredPatients, 0n)
    : null;
  const lacking = missingInputs(rulePack, { values, registeredPatients });
  if (lacking.length > 0)
    return nothing(
      lacking.some((missing) => missing.what === 'list-size') ? 'LIST_SIZE_MISSING' : 'VALUE_MISSING',
      lacking.flatMap((missing) =>
        missing.what === 'value' ? [`${missing.indicatorCode} ${missing.fieldName}`] : [],
      ),
    );
  const result = calculate(rulePack, { values, registeredPatients });
  return {
    state: 'calculated',
    code: null,
    pence: result.pence,
    points: result.points,
    values: result.values,
    inputs,
    explanation: explain([], registeredPatients, result.steps),
  };
}

interface Source {
  readonly practiceCode: string;
  readonly page: PageFact | null;
  readonly listSize: ListSizeFact | null;
}

/** Whose values and lists count: a PCN's members, or the practice itself. */
function sourcesOf(service: KnownService, identity: Identity, facts: Facts): readonly Source[] {
  const own: readonly Source[] =
    service.providerKind === 'pcn'
      ? facts.members
      : [{ practiceCode: identity.organisationCode, page: facts.page, listSize: facts.listSize }];
  return own.map((source) => ({
    practiceCode: source.practiceCode,
    page: service.needsPage ? source.page : null,
    listSize: service.needsListSize ? source.listSize : null,
  }));
}

/** Always in the same order, so that equal inputs are equal text. */
function inputsOf(
  { serviceCode, rulePack }: KnownService,
  { achievementDate, organisationCode }: Identity,
  facts: Facts,
  sources: readonly Source[],
): AchievementInput[] {
  const inputs: AchievementInput[] = [{ source: 'rule-pack', key: serviceCode, version: rulePack.version }];
  if (facts.participation)
    inputs.push({
      source: 'participation',
      key: `${serviceCode}|${organisationCode}`,
      version: facts.participation.version,
    });
  for (const { pcnCode, version } of facts.memberships)
    inputs.push({ source: 'pcn-membership', key: pcnCode, version });
  for (const { practiceCode, page } of sources)
    if (page)
      inputs.push({
        source: 'page',
        key: `${serviceCode}|${achievementDate}|${practiceCode}`,
        version: page.pageVersion,
      });
  for (const { practiceCode, listSize } of sources)
    if (listSize) inputs.push({ source: 'list-size', key: practiceCode, version: listSize.version });
  return inputs;
}

function pageSource(practiceCode: string, page: PageFact): PageSource {
  const { values: _, ...source } = page;
  return { practiceCode, ...source };
}
