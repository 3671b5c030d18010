import { ApiProperty } from '@attest/http';
import type { LondonDate } from '@attest/calendar';
import type {
  DeclarationKind,
  StillOpen,
  StoredDelivery,
  StoredLine,
  StoredMessage,
  StoredReading,
  StoredTask,
} from '../application/ports.js';
import {
  addressOfDeclaration,
  addressOfMessage,
  addressOfSubject,
  type Address,
  type Told,
} from '../domain/address.js';
import { MESSAGE_KINDS, type MessageKind } from '../domain/notice.js';
import { TASK_KINDS, type TaskKind } from '../domain/task.js';
import { wordsFor } from '../domain/words.js';

export class AddressView implements Address {
  @ApiProperty({ example: '/declarations/01990000-0000-7000-8000-000000000001' }) page!: string;
  @ApiProperty({ example: '/api/v1/declarations/01990000-0000-7000-8000-000000000001' }) api!: string;
}

export class StillOpenView implements StillOpen {
  @ApiProperty() lines!: number;
  @ApiProperty({ type: String }) pence!: bigint;
  @ApiProperty({ type: String, nullable: true, description: 'Of what is open.' })
  firstDeadlineOn!: LondonDate | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of what is open.' })
  lastDeadlineOn!: LondonDate | null;
}

/** What an organisation was told, in words that are true of all its lines now. */
export class MessageView {
  @ApiProperty({ format: 'uuid' }) messageId!: string;
  @ApiProperty({ enum: MESSAGE_KINDS }) kind!: MessageKind;
  @ApiProperty() organisationCode!: string;
  @ApiProperty({ description: 'What it gathers: a payment period, a run, a deadline, a cause.' })
  bucket!: string;
  @ApiProperty({ description: 'What happened.' }) subject!: string;
  @ApiProperty({ description: 'What to do next.' }) nextStep!: string;
  @ApiProperty({ type: AddressView, description: 'Of the one thing it is about, or of itself.' })
  address!: Address;
  @ApiProperty({ description: 'How often something was told.' }) lines!: number;
  @ApiProperty({ description: 'How many declarations, or what else it is about, that was told of.' })
  subjectCount!: number;
  @ApiProperty({ type: String, example: '627750', description: 'Of each its newest line.' }) pence!: bigint;
  @ApiProperty({ type: String, nullable: true, description: 'What they amounted to before the first line.' })
  previousPence!: bigint | null;
  @ApiProperty({ type: String, nullable: true, description: 'That all have by their newest line.' })
  code!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'That all have by their newest line.' })
  reason!: string | null;
  @ApiProperty({ type: StillOpenView, nullable: true, description: 'Of what was to be declared, what is.' })
  open!: StoredMessage['open'];
  @ApiProperty() createdAt!: Date;
  @ApiProperty() changedAt!: Date;
  @ApiProperty({ type: Date, nullable: true, description: 'Null: unread, or it has grown since.' })
  readAt!: Date | null;
  @ApiProperty({ type: String, nullable: true }) readBy!: string | null;
  @ApiProperty({ type: Date, nullable: true, description: 'When a mail of it was last delivered.' })
  mailedAt!: Date | null;
}

export class ReadingView implements StoredReading {
  @ApiProperty() personId!: string;
  @ApiProperty({ description: 'How many lines it had then.' }) lines!: number;
  @ApiProperty() readAt!: Date;
}

export class DeliveryView implements StoredDelivery {
  @ApiProperty({ format: 'email' }) email!: string;
  @ApiProperty() attempts!: number;
  @ApiProperty({ type: Date, nullable: true }) deliveredAt!: Date | null;
  @ApiProperty({ type: String, nullable: true }) lastErrorCode!: string | null;
}

export class MessageDetailView extends MessageView {
  @ApiProperty({ type: [ReadingView], description: 'Newest first, at most 100.' }) readings!: StoredReading[];
  @ApiProperty({ type: [DeliveryView], description: 'Newest first, at most 100.' })
  deliveries!: StoredDelivery[];
}

export class MessageLineView {
  @ApiProperty({ description: 'The declaration, or the PCN of a membership.' }) subjectId!: string;
  @ApiProperty({ type: String }) lineVersion!: bigint;
  @ApiProperty({ type: AddressView }) address!: Address;
  @ApiProperty({ type: String, nullable: true }) serviceCode!: string | null;
  @ApiProperty({ type: String, nullable: true }) achievementDate!: string | null;
  @ApiProperty() providerCode!: string;
  @ApiProperty({ type: String, nullable: true }) pence!: bigint | null;
  @ApiProperty({ type: String, nullable: true }) previousPence!: bigint | null;
  @ApiProperty({ type: String, nullable: true }) code!: string | null;
  @ApiProperty({ type: String, nullable: true }) reason!: string | null;
}

export class TaskView {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ enum: TASK_KINDS }) kind!: TaskKind;
  @ApiProperty({ enum: ['achievement', 'adjustment'] }) declarationKind!: DeclarationKind;
  @ApiProperty({ type: AddressView }) address!: Address;
  @ApiProperty() organisationCode!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty() achievementDate!: string;
  @ApiProperty() providerCode!: string;
  @ApiProperty({ type: String }) pence!: bigint;
  @ApiProperty() since!: Date;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of an achievement to declare, by the payment calendar; nothing else has one.',
  })
  deadlineOn!: string | null;
}

export function messageViewOf(message: StoredMessage, today: LondonDate): MessageView {
  const { subjectId: _, ...shown } = message;
  return {
    ...shown,
    ...wordsFor(message.kind, { ...message, today }),
    address: addressOfMessage(message),
  };
}

export const lineViewOf = (told: Told, line: StoredLine): MessageLineView => ({
  ...line,
  address: addressOfSubject(told, line.subjectId),
});

export const taskViewOf = (task: StoredTask): TaskView => ({
  ...task,
  address: addressOfDeclaration(task.declarationId),
});
