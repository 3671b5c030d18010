// What the scenes act upon: the services as people use them, the month's manifest, and an onlooker's view of it all.
import { readFileSync } from 'node:fs';
import type { QualityService } from '@attest/contracts';
import type { Manifest } from '@attest/england/manifest';
import type { MonthPeople } from '@attest/england/month-files';
import { approverOf, declarerOf, financeOf, secondApproverOf } from '@attest/england/people';
import { call, send, type Answer, type Problem } from '@attest/stack/http-client';
import { Onlooker, type OnlookerParts } from './onlooker.js';
import type { Names } from './words.js';

export interface WorldParts extends OnlookerParts {
  /** The development identity provider. */
  readonly identityUrl: string;
  readonly manifest: Manifest;
  /** Those with national roles. */
  readonly people: MonthPeople;
  readonly stateDir: string;
}

interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor?: string | null;
}

type Headers = Readonly<Record<string, string>>;

export class World extends Onlooker {
  readonly identityUrl: string;
  readonly manifest: Manifest;
  readonly people: MonthPeople;
  readonly stateDir: string;
  readonly declarerOf = declarerOf;
  readonly approverOf = approverOf;
  readonly secondApproverOf = secondApproverOf;
  readonly financeOf = financeOf;
  /** Who is away when everybody declares, and declares late. */
  late: string | undefined;
  private readonly tokens = new Map<string, string>();

  constructor({ identityUrl, manifest, people, stateDir, ...outside }: WorldParts) {
    super(outside);
    this.identityUrl = identityUrl;
    this.manifest = manifest;
    this.people = people;
    this.stateDir = stateDir;
  }

  /** A token of one of the ready-made people. */
  async token(personId: string): Promise<string> {
    const known = this.tokens.get(personId);
    if (known) return known;
    const answer = await call<{ access_token: string }>('POST', `${this.identityUrl}/token`, {
      body: { person_id: personId },
    });
    this.tokens.set(personId, answer.access_token);
    return answer.access_token;
  }

  url(service: string, path: string): string {
    return `${this.urls[service]}/api/v1/${path}`;
  }

  async get<Body = unknown>(personId: string, service: string, path: string): Promise<Body> {
    return call('GET', this.url(service, path), { token: await this.token(personId) });
  }

  async post<Body = unknown>(
    personId: string,
    service: string,
    path: string,
    body: unknown,
    headers: Headers = {},
  ): Promise<Body> {
    const token = await this.token(personId);
    return call('POST', this.url(service, path), { token, body, headers });
  }

  /** A POST whose refusal is part of the story. */
  async tryPost<Body = unknown>(
    personId: string,
    service: string,
    path: string,
    body: unknown,
    headers: Headers = {},
  ): Promise<Answer<Body & Problem>> {
    const token = await this.token(personId);
    return send('POST', this.url(service, path), { token, body, headers });
  }

  async upload<Body = unknown>(personId: string, service: string, path: string, file: string): Promise<Body> {
    const type = file.endsWith('.gz') ? 'application/gzip' : 'text/csv';
    return call('POST', this.url(service, path), {
      token: await this.token(personId),
      file,
      headers: { 'content-type': type },
    });
  }

  /** All items of a paged list. */
  async all<Item = unknown>(personId: string, service: string, path: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null | undefined;
    do {
      const joint = path.includes('?') ? '&' : '?';
      const page: Page<Item> = await this.get(
        personId,
        service,
        `${path}${joint}limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items;
  }

  /** What people call these organisations and services, by code. */
  async namesOf(...codes: string[]): Promise<Names> {
    const rows = await this.rows<{ code: string; name: string }>(
      'organisations',
      'SELECT code, name FROM organisation WHERE code = ANY($1)',
      [codes],
    );
    const services = this.manifest.services.filter(({ serviceCode }) => codes.includes(serviceCode));
    return Object.fromEntries([
      ...rows.map(({ code, name }) => [code, name]),
      ...services.map(({ serviceCode, path }) => [serviceCode, documentIn(path).name]),
    ]) as Names;
  }

  async moveClock(now: string): Promise<void> {
    await this.post(this.people.nationalOperator, 'catalogue', 'business-clock', { now });
    await this.settled();
  }
}

/** A service's document, as the catalogue takes it. */
export const documentIn = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as QualityService;
