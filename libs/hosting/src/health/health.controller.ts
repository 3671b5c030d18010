import { Public } from '@attest/auth';
import { AttestError } from '@attest/errors';
import { Metrics } from '@attest/telemetry';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@attest/http';
import type { FastifyReply } from 'fastify';
import { Readiness, type ReadinessCheck } from './readiness.js';

/** For the orchestrator and the operator's dashboards; tells nothing that needs protection. */
@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  /** 503 once this process cannot go on, for as long as it still answers: it is about to end by itself. */
  @Get('health/live')
  live(@Res({ passthrough: true }) reply: FastifyReply): { status: string; code?: string } {
    const fatal = this.readiness.fatal;
    if (!fatal) return { status: 'live' };
    void reply.status(503);
    return { status: 'not live', code: fatal instanceof AttestError ? fatal.code : 'UNEXPECTED_ERROR' };
  }

  @Get('health/ready')
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: string; checks: readonly ReadinessCheck[] }> {
    const checks = await this.readiness.check();
    const ready = checks.every((check) => check.ok || check.warning);
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', checks };
  }

  @Get('metrics')
  async metricsText(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
