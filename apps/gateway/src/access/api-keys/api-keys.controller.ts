import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsString, MaxLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { ownPage } from '../../http/own-page';
import { Optional } from '../../http/validation/dto.decorators';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { IsOrigin, IsText } from '../../http/validation/validators';
import { Operation } from '../../http/openapi/operation.decorator';
import type { ApiKeyEntity } from './api-key.entity';
import { ApiKeysService } from './api-keys.service';
import { scopes, type Scope } from './scopes';

export class ApiKeyDto {
  @IsText(200, 1) name: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(scopes.length) @IsIn(scopes, { each: true }) scopes: Scope[];
  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(300, { each: true })
  @IsOrigin({ each: true })
  origins?: string[];
}

const admin = ['admin'] as const;
const tag = 'Keys and accounts';

@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @Operation({
    tag,
    summary: 'Make a key',
    description:
      'The secret is shown in this answer and never again. A key with the scope `public` is for web pages, which ' +
      'send its client id alone: it may only claim, and only from `origins`. ' +
      '`send` sends prepared messages and saves contacts, and nothing else of what `marketing` may.',
    scopes: admin,
    body: {
      schema: 'ApiKeyInput',
      examples: {
        till: { summary: 'For tills', value: { name: 'Tills', scopes: ['pos'] } },
        crm: { summary: 'For a CRM', value: { name: 'CRM', scopes: ['marketing', 'events'] } },
        sender: {
          summary: 'For a shop that posts events and sends prepared messages',
          value: { name: 'Shop', scopes: ['events', 'send'] },
        },
        page: {
          summary: 'For the widget on your own pages',
          value: { name: 'Web site', scopes: ['public'], origins: ['https://www.example.com'] },
        },
      },
    },
    answers: { 201: { description: 'The key and its secret.', schema: 'NewApiKey' } },
    problems: { 422: ['api_key.invalid'] },
  })
  async create(@Req() { caller }: FastifyRequest, @Body(new BodyPipe(ApiKeyDto)) body: ApiKeyDto) {
    const { key, clientSecret } = await this.keys.create(caller.accountId, body);
    return { ...keyView(key), clientSecret };
  }

  @Get()
  @Operation({
    tag,
    summary: 'List the keys that work',
    scopes: admin,
    query: PagingQuery,
    answers: { 200: { description: 'A page of keys, without their secrets.', schema: 'ApiKey', page: true } },
  })
  list(@Req() { caller }: FastifyRequest, @Query(new QueryPipe(PagingQuery)) query: PagingQuery) {
    return ownPage('apiKey', query, (page) => this.keys.list(caller.accountId, page), keyView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({
    tag,
    summary: 'Revoke a key',
    description: 'In force at once here and within five seconds in every other gateway process.',
    scopes: admin,
    answers: { 204: { description: 'It no longer works.' } },
    problems: { 404: ['api_key.not_found'], 409: ['api_key.last_admin'] },
  })
  async revoke(
    @Req() { caller }: FastifyRequest,
    @Param('id', new PathId('apiKey')) id: string,
  ): Promise<void> {
    await this.keys.revoke(caller.accountId, id);
  }
}

export const keyView = ({ id, clientId, name, scopes: granted, origins, createdAt }: ApiKeyEntity) => ({
  id,
  clientId,
  name,
  scopes: granted,
  ...(granted.includes('public') && { origins }),
  createdAt,
});
