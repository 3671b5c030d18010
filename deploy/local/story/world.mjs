// What the scenes act upon: the services' addresses, people's tokens, the month's manifest, counts from databases.
import { readFileSync } from 'node:fs';
import { call, send, until } from './http-client.mjs';

export class World {
  /**
   * @param {object} parts
   * @param {Record<string, string>} parts.urls   base URL by service name
   * @param {string} parts.identityUrl            the development identity provider
   * @param {object} parts.manifest               see deploy/local/england/README.md
   * @param {(service: string) => import('pg').Pool} parts.database  for counting, never for changing
   * @param {import('@attest/messaging/kafka').Admin} parts.admin
   * @param {string} parts.stateDir
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.tokens = new Map();
  }

  /** A token of one of the ready-made people. */
  async token(personId) {
    let token = this.tokens.get(personId);
    if (!token) {
      const answer = await call('POST', `${this.identityUrl}/token`, { body: { person_id: personId } });
      token = answer.access_token;
      this.tokens.set(personId, token);
    }
    return token;
  }

  url(service, path) {
    return `${this.urls[service]}/api/v1/${path}`;
  }

  async get(personId, service, path) {
    return call('GET', this.url(service, path), { token: await this.token(personId) });
  }

  async post(personId, service, path, body, headers) {
    return call('POST', this.url(service, path), { token: await this.token(personId), body, headers });
  }

  /** A POST whose refusal is part of the story. */
  async tryPost(personId, service, path, body, headers) {
    return send('POST', this.url(service, path), { token: await this.token(personId), body, headers });
  }

  async upload(personId, service, path, file) {
    const type = file.endsWith('.gz') ? 'application/gzip' : 'text/csv';
    return call('POST', this.url(service, path), {
      token: await this.token(personId),
      file,
      headers: { 'content-type': type },
    });
  }

  /** All items of a paged list. */
  async all(personId, service, path) {
    const items = [];
    let cursor;
    do {
      const joint = path.includes('?') ? '&' : '?';
      const page = await this.get(
        personId,
        service,
        `${path}${joint}limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items;
  }

  async rows(service, sql, values) {
    return (await this.database(service).query(sql, values)).rows;
  }

  /** What people call these organisations and services, by code. */
  async namesOf(...codes) {
    const rows = await this.rows(
      'organisations',
      'SELECT code, name FROM organisation WHERE code = ANY($1)',
      [codes],
    );
    const services = this.manifest.services.filter(({ serviceCode }) => codes.includes(serviceCode));
    return Object.fromEntries([
      ...rows.map(({ code, name }) => [code, name]),
      ...services.map(({ serviceCode, path }) => [serviceCode, JSON.parse(readFileSync(path, 'utf8')).name]),
    ]);
  }

  /** First column of the first row, as a number. */
  async count(service, sql, values) {
    const [row] = await this.rows(service, sql, values);
    return Number(Object.values(row)[0]);
  }

  async moveClock(now) {
    await this.post(this.people.nationalOperator, 'catalogue', 'business-clock', { now });
    await this.settled();
  }

  /** Everything written has been read: outboxes empty, every consumer at the end of every topic that it follows. */
  async settled(withinMs = 120_000) {
    return until('outboxes are empty and consumers have no lag', () => this.isSettled(), {
      withinMs,
      // Each look asks every service: more often, it would be a load of its own.
      everyMs: 100,
    });
  }

  /**
   * The order matters: what a consumer wrote for the last event stands in its outbox or has moved a topic's end, so
   * outboxes are looked at after the fences, and the ends once more after the outboxes.
   */
  async isSettled() {
    try {
      return await this.looksSettled();
    } catch (error) {
      // A broker on a busy machine may lose its partitions for a moment: that is no answer yet, and no failure.
      if (error.retriable) return false;
      throw error;
    }
  }

  async looksSettled() {
    const services = Object.keys(this.urls);
    const ends = await this.topicEnds();
    const read = await Promise.all(services.map((service) => this.hasReadTo(service, ends)));
    if (read.includes(false)) return false;
    const waiting = await Promise.all(
      services.map((service) => this.count(service, 'SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT 1) o')),
    );
    if (waiting.some((count) => count > 0)) return false;
    const endsNow = await this.topicEnds();
    return [...endsNow].every(([partition, end]) => ends.get(partition) === end);
  }

  async topicEnds() {
    const ends = new Map();
    for (const topic of this.topics) {
      for (const { partition, high } of await this.admin.fetchTopicOffsets(topic))
        ends.set(`${topic}/${partition}`, BigInt(high));
    }
    return ends;
  }

  async hasReadTo(service, ends) {
    const fences = await this.rows(service, 'SELECT topic, partition, next_offset::text FROM consumer_fence');
    return fences.every(({ topic, partition, next_offset }) => {
      const end = ends.get(`${topic}/${partition}`);
      return end === undefined || BigInt(next_offset) >= end;
    });
  }
}
