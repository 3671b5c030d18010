import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@attest/http';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { READING_ROLES } from '@attest/contracts';
import { PageStore } from '../application/ports.js';
import { PageUnknownError } from '../domain/extract-file.errors.js';
import { PagePath, PageVersionsDto } from './pages.dto.js';

const READERS = [...READING_ROLES, 'EXTRACT_SUBMISSION'] as const;

@ApiTags('pages')
@Controller('pages')
export class PagesController {
  constructor(
    private readonly access: Access,
    private readonly pages: PageStore,
  ) {}

  /** Everything received for one practice, service and date, with the file and lines it came from. */
  @Get(':service/:date/:practice')
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: PageVersionsDto })
  async versions(@CurrentCaller() caller: Caller, @Param() path: PagePath): Promise<PageVersionsDto> {
    const unknown = (): PageUnknownError => new PageUnknownError(path.service, path.date, path.practice);
    await this.access.require(caller, READERS, path.practice, unknown);
    const period = { serviceCode: path.service, achievementDate: path.date };
    const versions = await this.pages.versions(period, path.practice);
    if (versions.length === 0) throw unknown();
    const passedOver = await this.pages.passedOver(period, path.practice);
    return { ...period, practiceCode: path.practice, versions, passedOver };
  }
}
