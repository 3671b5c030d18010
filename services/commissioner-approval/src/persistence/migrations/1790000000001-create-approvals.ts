import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApprovals1790000000001 implements MigrationInterface {
  name = 'CreateApprovals1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE approval_task (
        declaration_id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('achievement', 'adjustment')),
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        organisation_code text NOT NULL,
        commissioner_code text NOT NULL,
        payment_period text NOT NULL,
        status text NOT NULL,
        stage text CHECK (stage IN ('commissioner', 'finance')),
        held boolean NOT NULL,
        awaiting_aggregation boolean NOT NULL,
        late boolean NOT NULL,
        pence bigint NOT NULL,
        declaration_version bigint NOT NULL,
        revision bigint NOT NULL,
        declared_by text,
        commissioner_signed_by text,
        pending_approval_id uuid,
        -- Grows with each signature or refusal of this declaration; orders its events.
        approval_version bigint NOT NULL DEFAULT 0,
        since timestamptz NOT NULL
      );
      CREATE INDEX approval_task_open ON approval_task (commissioner_code, stage, declaration_id) WHERE stage IS NOT NULL;

      CREATE TABLE bulk_approval (
        bulk_id uuid PRIMARY KEY,
        stage text NOT NULL CHECK (stage IN ('commissioner', 'finance')),
        person_id text NOT NULL,
        requested_at timestamptz NOT NULL,
        items int NOT NULL,
        signed_at timestamptz
      );
      CREATE INDEX bulk_approval_unfinished ON bulk_approval (requested_at) WHERE signed_at IS NULL;

      CREATE TABLE signature (
        approval_id uuid PRIMARY KEY,
        declaration_id uuid NOT NULL REFERENCES approval_task,
        declaration_version bigint NOT NULL,
        stage text NOT NULL CHECK (stage IN ('commissioner', 'finance')),
        decision text NOT NULL CHECK (decision IN ('approve', 'refuse')),
        person_id text NOT NULL,
        for_organisation text NOT NULL,
        reason text,
        signed_at timestamptz NOT NULL,
        bulk_id uuid REFERENCES bulk_approval,
        state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'applied', 'refused')),
        answer_code text,
        answer_words text,
        answered_at timestamptz
      );
      -- One signature at a time: never only an event id guards it. A stage that finance sent back is signed again,
      -- so signatures that were applied don't count.
      CREATE UNIQUE INDEX signature_once ON signature (declaration_id, declaration_version, stage)
        WHERE state = 'pending';
      CREATE INDEX signature_pending ON signature (signed_at) WHERE state = 'pending';

      CREATE TABLE bulk_approval_item (
        bulk_id uuid NOT NULL REFERENCES bulk_approval,
        ordinal int NOT NULL,
        declaration_id uuid NOT NULL,
        declaration_version bigint NOT NULL,
        state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'pending', 'applied', 'refused')),
        approval_id uuid,
        code text,
        words text,
        PRIMARY KEY (bulk_id, ordinal)
      );
      CREATE INDEX bulk_approval_item_queued ON bulk_approval_item (bulk_id, declaration_id) WHERE state = 'queued';
      CREATE INDEX bulk_approval_item_signature ON bulk_approval_item (approval_id) WHERE approval_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bulk_approval_item, signature, bulk_approval, approval_task');
  }
}
