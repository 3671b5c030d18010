import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import {
  AskForBulk,
  BulkCandidates,
  bulkPreviewsController,
  bulkProviders,
  bulksController,
  BulkTooLargeError,
  BulkWork,
  Narrows,
  PreviewBulk,
  type BulkChunk,
  type BulkItem,
  type BulkPreview,
  type BulkPreviewItem,
  type BulkProgress,
  type BulkTables,
  type BulkTypes,
  type FoundItems,
  type ItemAnswer,
  type NewBulkPreview,
} from '@attest/bulk';
import { AttestError } from '@attest/errors';
import { defineService, ServiceSettings } from '@attest/hosting';
import { EventStreams, IdempotencyKey, Idempotent } from '@attest/http';
import {
  plainArray,
  textArray,
  type MigrationInterface,
  type Parameters,
  type QueryRunner,
  type Tx,
} from '@attest/persistence';
import { Body, Controller, HttpCode, Injectable, Module, Post } from '@nestjs/common';
import { IsArray, IsOptional, IsString, IsUUID } from 'class-validator';

/*
 * A service that sends letters in bulk, as small as one can be: what the README's example names, whole. In a service
 * each part has its room.
 */

// Domain

const FINAL_STATES = ['sent', 'refused', 'cancelled'] as const;
const STATES = ['queued', ...FINAL_STATES] as const;

class UnknownBulkLetterError extends AttestError {
  constructor(bulkId: string) {
    super('UNKNOWN_BULK_LETTER', 404, 'There is no such bulk of yours. Use the id of its answer.', {
      bulkId,
    });
  }
}

// Application

interface LetterBulk extends BulkTypes {
  readonly request: { readonly stamp: string };
  readonly shown: 'stamp';
  readonly item: { readonly letterId: string };
  readonly result: { readonly postage: number | null };
  readonly state: (typeof STATES)[number];
  readonly endedAt: 'endedAt';
  readonly purpose: object;
  readonly filter: { readonly town?: string };
  readonly count: 'heavy';
  readonly reach: boolean;
}

@Injectable()
class SendInBulk extends BulkWork<LetterBulk> {
  readonly chunkSize = 100;
  readonly keptDays = 90;

  mayAsk(): Promise<void> {
    return Promise.resolve();
  }

  reach(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async do(tx: Tx, { request, items }: BulkChunk<LetterBulk>): Promise<ItemAnswer<LetterBulk>[]> {
    const ids = items.map(({ letterId }) => letterId);
    const { rows } = await tx.query<{ letter_id: string; postage: bigint }>(
      `UPDATE letter SET stamp = $2 WHERE letter_id = ANY($1::uuid[]) AND stamp IS NULL
       RETURNING letter_id, pence AS postage`,
      [plainArray(ids), request.stamp],
    );
    const postage = new Map(rows.map((row) => [row.letter_id, Number(row.postage)]));
    return ids.map((id) => {
      const paid = postage.get(id);
      return paid === undefined
        ? { state: 'refused', code: 'LETTER_SENT', postage: null }
        : { state: 'sent', code: 'SENT', postage: paid };
    });
  }

  unknown(bulkId: string): AttestError {
    return new UnknownBulkLetterError(bulkId);
  }

  tooLarge(): AttestError {
    return new BulkTooLargeError('letters');
  }
}

// Persistence

const letterBulkTables: BulkTables<LetterBulk> = {
  name: 'bulk-letter',
  turnLock: 7_302_651_190,
  bulks: 'bulk_letter',
  items: 'bulk_letter_item',
  request: { stamp: 'text' },
  shown: ['stamp'],
  item: { letterId: 'uuid' },
  sameItem: ['letterId'],
  result: { postage: 'number' },
  pending: [],
  final: FINAL_STATES,
  endedAt: 'endedAt',
  answeredAt: null,
  purpose: {},
  counts: ['heavy'],
  previewed: { letterId: 'letter_ids' },
};

class LetterCandidates extends BulkCandidates<LetterBulk> {
  readonly facts = { columns: 'l.town', join: 'JOIN letter l USING (letter_id)' };

  find({ filter }: NewBulkPreview<LetterBulk>, _: boolean, p: Parameters): FoundItems<LetterBulk> {
    return {
      sql: `SELECT letter_id, pence, 1 AS nth, pence > 100 AS heavy FROM letter
            WHERE stamp IS NULL AND town = coalesce(${p.add(filter.town ?? null)}, town)`,
    };
  }
}

class CreateLetters1790000000900 implements MigrationInterface {
  name = 'CreateLetters1790000000900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE letter (letter_id uuid PRIMARY KEY, town text NOT NULL, pence bigint NOT NULL, stamp text,
                           CHECK (town <> 'NOWHERE' OR stamp IS NULL));
      CREATE TABLE bulk_preview (
        preview_id uuid PRIMARY KEY, person_id text NOT NULL, filter jsonb NOT NULL, made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL, items int NOT NULL, pence bigint NOT NULL, pences bigint[] NOT NULL,
        -- Of letters
        heavy int NOT NULL, letter_ids uuid[] NOT NULL);
      CREATE INDEX bulk_preview_expires ON bulk_preview (expires_at);
      CREATE TABLE bulk_letter (
        bulk_id uuid PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY, person_id text NOT NULL,
        request_key text, preview_id uuid, requested_at timestamptz NOT NULL, items int NOT NULL,
        cancelled_at timestamptz, ended_at timestamptz, refused int, cancelled int,
        -- Of letters
        stamp text NOT NULL, sent int);
      CREATE UNIQUE INDEX bulk_letter_request ON bulk_letter (person_id, request_key);
      CREATE INDEX bulk_letter_waiting ON bulk_letter (person_id, place) WHERE ended_at IS NULL;
      CREATE INDEX bulk_letter_person ON bulk_letter (person_id, place);
      CREATE INDEX bulk_letter_ended ON bulk_letter (ended_at, bulk_id) WHERE ended_at IS NOT NULL;
      CREATE TABLE bulk_letter_item (
        bulk_id uuid NOT NULL REFERENCES bulk_letter, ordinal int NOT NULL, state text NOT NULL DEFAULT 'queued',
        code text,
        -- Of letters
        letter_id uuid NOT NULL, postage bigint,
        PRIMARY KEY (bulk_id, ordinal));
      CREATE INDEX bulk_letter_item_queued ON bulk_letter_item (bulk_id, letter_id) WHERE state = 'queued';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bulk_letter_item, bulk_letter, bulk_preview, letter');
  }
}

// API

class LetterPreviewDto {
  @Narrows.toCode() town?: string;
}

class BulkLetterDto {
  @IsString() stamp!: string;
  @IsOptional() @IsUUID() previewId?: string;
  @IsOptional() @IsArray() @IsUUID(undefined, { each: true }) items?: string[];
}

class LetterPreviewView implements BulkPreview<LetterBulk> {
  previewId!: string;
  filter!: LetterBulk['filter'];
  madeAt!: Date;
  expiresAt!: Date;
  items!: number;
  pence!: bigint;
  heavy!: number;
}

class LetterPreviewItemView implements BulkPreviewItem<LetterBulk> {
  ordinal!: number;
  letterId!: string;
  pence!: bigint;
  town!: string;
}

class BulkLetterView implements BulkProgress<LetterBulk> {
  bulkId!: string;
  stamp!: string;
  previewId!: string | null;
  requestedAt!: Date;
  cancelledAt!: Date | null;
  endedAt!: Date | null;
  items!: number;
  queued!: number;
  sent!: number;
  refused!: number;
  cancelled!: number;
}

class BulkLetterItemView implements BulkItem<LetterBulk> {
  ordinal!: number;
  letterId!: string;
  state!: LetterBulk['state'];
  code!: string | null;
  postage!: number | null;
}

@Controller('bulk-letters')
@RequiresRole('APPROVAL_MANAGEMENT')
class BulkLettersController extends bulksController<LetterBulk, BulkLetterView, BulkLetterItemView>({
  progress: BulkLetterView,
  item: BulkLetterItemView,
  states: STATES,
  itemOf: (item) => item,
  stepOf: ({ items, queued, endedAt }) => ({ sequence: items - queued, ended: endedAt !== null }),
}) {
  constructor(bulks: AskForBulk<LetterBulk>, streams: EventStreams) {
    super(bulks, streams);
  }

  @Post()
  @HttpCode(202)
  @Idempotent()
  async send(
    @CurrentCaller() { personId }: Caller,
    @IdempotencyKey() requestKey: string,
    @Body() { stamp, ...body }: BulkLetterDto,
  ): Promise<BulkProgress<LetterBulk>> {
    return this.bulks.of({ personId, requestKey, request: { stamp } }, body, (ids) =>
      ids.map((letterId) => ({ letterId })),
    );
  }
}

@Controller('bulk-previews')
@RequiresRole('APPROVAL_MANAGEMENT')
class LetterPreviewsController extends bulkPreviewsController<LetterBulk>({
  preview: LetterPreviewView,
  item: LetterPreviewItemView,
}) {
  constructor(previews: PreviewBulk<LetterBulk>) {
    super(previews);
  }

  @Post()
  @Idempotent()
  make(@CurrentCaller() caller: Caller, @Body() body: LetterPreviewDto): Promise<BulkPreview<LetterBulk>> {
    return this.previews.make(caller, {}, { ...body });
  }
}

@Module({
  controllers: [BulkLettersController, LetterPreviewsController],
  providers: [
    { provide: EventStreams, useFactory: () => new EventStreams(10) },
    ...bulkProviders({ tables: letterBulkTables, candidates: LetterCandidates, work: SendInBulk }),
  ],
})
class LettersModule {}

export const letters = defineService({
  // Any of Attest's services: specs have databases and topics of their own.
  name: 'catalogue',
  settings: ServiceSettings,
  module: LettersModule,
  migrations: [CreateLetters1790000000900],
});

/** Letters to these towns, each for 60p or, where it is heavy, 160p. */
export const lettersTo = (towns: readonly string[], heavy: boolean): [string, unknown[]] => [
  `INSERT INTO letter SELECT gen_random_uuid(), town, $2 FROM unnest($1::text[]) AS town RETURNING letter_id AS id`,
  [textArray(towns), heavy ? 160 : 60],
];
