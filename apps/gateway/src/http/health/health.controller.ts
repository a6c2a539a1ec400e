import { Controller, Get, Inject, Res } from '@nestjs/common';
import { metricsText, readinessOf, type HealthCheck } from '@tearoff/service-kit';
import type { FastifyReply } from 'fastify';

/** Injects what must work for this gateway to be ready. */
export const READINESS = Symbol('READINESS');
export type Readiness = Record<string, HealthCheck>;

@Controller()
export class HealthController {
  constructor(@Inject(READINESS) private readonly checks: Readiness) {}

  @Get('health/live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { ready, checks } = await readinessOf(this.checks);
    if (!ready) reply.code(503);
    return { status: ready ? 'ok' : 'failed', checks };
  }
}

/** On the public port in the single process alone: in a cluster metrics have a port of their own. */
@Controller()
export class MetricsController {
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { contentType, body } = await metricsText();
    reply.header('content-type', contentType);
    return body;
  }
}
