import { NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import {
  conflict,
  DomainError,
  forbidden,
  invalid,
  markDriverError,
  notFound,
  unavailable,
} from '@tearoff/contracts';
import Fastify from 'fastify';
import { problemOf } from '../src';

describe('problemOf', () => {
  it.each([
    [invalid('recipient.invalid_phone', 'x'), 422],
    [invalid('request.malformed', 'x'), 400],
    [invalid('request.invalid_cursor', 'x'), 400],
    [notFound('coupon.not_found', 'x'), 404],
    [conflict('coupon.already_redeemed', 'x'), 409],
    [forbidden('auth.forbidden', 'x'), 403],
    [forbidden('auth.missing', 'x'), 401],
    [forbidden('auth.invalid', 'x'), 401],
    [unavailable('rate.limited', 'x'), 429],
    [unavailable('service.deadline_exceeded', 'x'), 503],
  ])('answers %s with %i', (error, status) => {
    const problem = problemOf(error);
    expect(problem.status).toBe(status);
    expect(problem.body).toMatchObject({
      status,
      code: error.code,
      type: `urn:tearoff:problem:${error.code}`,
    });
  });

  it('says everything an error has to say, and no extension passes for a standard member', () => {
    const error = conflict('coupon.already_redeemed', 'This coupon was redeemed.', {
      redeemedAt: '2026-01-01T10:00:00Z',
      status: 200,
      type: 'about:blank',
      errors: [{ path: '/code', message: 'is spent' }],
    });
    expect(problemOf(error, { traceId: 'abc', instance: '/v1/redemptions' })).toEqual({
      status: 409,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'urn:tearoff:problem:coupon.already_redeemed',
        title: 'Conflict',
        status: 409,
        detail: 'This coupon was redeemed.',
        code: 'coupon.already_redeemed',
        instance: '/v1/redemptions',
        traceId: 'abc',
        errors: [{ path: '/code', message: 'is spent' }],
        redeemedAt: '2026-01-01T10:00:00Z',
      },
    });
  });

  it('says when to try again, in whole seconds', () => {
    const wait = (error: unknown): string | undefined => problemOf(error).headers['retry-after'];
    expect(wait(unavailable('rate.limited', 'x', { retryAfterSeconds: 2.2 }))).toBe('3');
    expect(wait(unavailable('service.unavailable', 'x'))).toBe('1');
    expect(wait(conflict('campaign.exhausted', 'x'))).toBeUndefined();
  });

  it.each([
    new Error('password of user root is hunter2'),
    new DomainError('internal', 'internal', 'password of user root is hunter2', { stack: 'hunter2' }),
    'hunter2',
    null,
  ])('gives nothing away of an unexpected error (%#)', (error) => {
    const problem = problemOf(error);
    expect(problem.body).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('answers 503 while the database is away', () => {
    const refusal = () => Object.assign(new Error('connect ECONNREFUSED 10.0.0.7'), { code: 'ECONNREFUSED' });
    const refused = markDriverError(refusal());
    expect(problemOf(refused)).toMatchObject({ status: 503, body: { code: 'service.unavailable' } });
    expect(JSON.stringify(problemOf(refused))).not.toContain('10.0.0.7');
    expect(problemOf(refusal()).status).toBe(500); // another server is away
  });

  it("answers Nest's own refusals in its own words", () => {
    expect(problemOf(new NotFoundException('Cannot GET /x')).body).toMatchObject({
      status: 404,
      code: 'request.not_found',
      detail: 'There is nothing at this address.',
    });
    expect(problemOf(new PayloadTooLargeException()).body.code).toBe('request.too_large');
  });

  it("answers Fastify's own refusals, naming each field", async () => {
    const server = Fastify({
      bodyLimit: 100,
      ajv: { customOptions: { removeAdditional: false, allErrors: true } },
    });
    server.setErrorHandler((error, _request, reply) => {
      const { status, headers, body } = problemOf(error);
      return reply.code(status).headers(headers).send(body);
    });
    const body = {
      type: 'object',
      required: ['code'],
      additionalProperties: false,
      properties: { code: { type: 'string' }, channel: { enum: ['store', 'online'] } },
    };
    server.post('/', { schema: { body } }, () => 'ok');
    const post = async (payload: string, type = 'application/json') =>
      (await server.inject({ method: 'POST', url: '/', payload, headers: { 'content-type': type } })).json();

    expect(await post('{"channel":"moon","x":1}')).toMatchObject({
      status: 400,
      code: 'request.invalid',
      errors: expect.arrayContaining([
        { path: '/code', message: 'is required' },
        { path: '/x', message: 'is not a known field' },
        { path: '/channel', message: 'must be one of store, online' },
      ]),
    });
    expect(await post('{')).toMatchObject({ status: 400, code: 'request.malformed' });
    expect(await post('<a/>', 'application/xml')).toMatchObject({
      status: 415,
      code: 'request.unsupported_media_type',
    });
    expect(await post(JSON.stringify('x'.repeat(200)))).toMatchObject({
      status: 413,
      code: 'request.too_large',
    });
    await server.close();
  });
});
