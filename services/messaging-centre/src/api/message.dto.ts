import { ApiProperty, ApiPropertyOptional, PageQuery } from '@attest/http';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEmail,
  IsIn,
  IsOptional,
  Matches,
} from 'class-validator';
import { ODS_CODE } from '@attest/contracts';
import type { Contact } from '../application/ports.js';
import { MESSAGE_KINDS, type MessageKind } from '../domain/notice.js';

export class ForOrganisationDto extends PageQuery {
  @ApiProperty({ example: 'U07032' })
  @Matches(ODS_CODE)
  organisationCode!: string;
}

export class ListMessagesDto extends ForOrganisationDto {
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  unread?: 'true' | 'false';
}

export class ContactDto {
  @ApiProperty({ example: 'U07032' })
  @Matches(ODS_CODE)
  organisationCode!: string;

  @ApiProperty({ format: 'email' })
  @IsEmail()
  email!: string;
}

export class AddContactDto extends ContactDto {
  @ApiPropertyOptional({ enum: MESSAGE_KINDS, isArray: true, description: 'All kinds when left out.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MESSAGE_KINDS.length)
  @ArrayUnique()
  @IsIn(MESSAGE_KINDS, { each: true })
  kinds?: MessageKind[];
}

export class ContactView implements Contact {
  @ApiProperty({ format: 'email' }) email!: string;
  @ApiProperty({ enum: MESSAGE_KINDS, isArray: true, nullable: true, description: 'Null: all kinds.' })
  kinds!: readonly MessageKind[] | null;
}

export class ContactsView {
  @ApiProperty({ type: [ContactView] }) items!: Contact[];
}
