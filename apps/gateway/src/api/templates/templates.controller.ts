import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import {
  channels,
  CreateTemplate,
  GetTemplate,
  ListTemplates,
  PreviewTemplate,
  UpdateTemplate,
  type Channel,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { previewExamples, templateExamples, templatePatchExamples } from './template.examples';
import { PreviewBody, TemplateBody, TemplatePatchBody } from './template.schema';

const scopes = ['marketing'] as const;
const tag = 'Messages';

class TemplatesQuery extends PagingQuery {
  @Optional() @IsIn(channels) channel?: Channel;
}

@Controller('v1/templates')
export class TemplatesController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag,
    summary: 'Make a template',
    description:
      '`velocity` (the default): `$!data.get("x")`, `${x}`, `#if`, `#foreach`, `#set`, `$mathTool`, `$numberTool`, ' +
      '`$dateTool`. `liquid`: `{{ x }}`, `{% if %}`, `{% for %}`. Both know the data and nothing else. In HTML what ' +
      'they print is escaped, but for `$htmlTool.raw($x)` and `{{ x | raw }}`; `$barcode` and `{{ barcode }}` show ' +
      '`code` as a picture. An SMS has a body; an e-mail a subject and HTML, a plain text (`body`), or both. What ' +
      'cannot be parsed is refused with line and column.',
    scopes,
    body: { schema: 'TemplateInput', examples: templateExamples },
    answers: { 201: { description: 'The template.', schema: 'Template' } },
    problems: { 422: ['template.invalid', 'template.push_unsupported'] },
  })
  async create(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(TemplateBody)) template: Static<typeof TemplateBody>,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, CreateTemplate, { template }));
  }

  @Get()
  @Operation({
    tag,
    summary: 'List templates, newest first',
    scopes,
    query: TemplatesQuery,
    answers: { 200: { description: 'A page of templates.', schema: 'Template', page: true } },
  })
  async list(@Req() request: FastifyRequest, @Query(new QueryPipe(TemplatesQuery)) query: TemplatesQuery) {
    const page = await sendForCaller(this.commands, request, ListTemplates, query);
    return pageOf(page, withoutAccount);
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a template',
    scopes,
    answers: { 200: { description: 'The template.', schema: 'Template' } },
    problems: { 404: ['template.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('template')) templateId: string) {
    return withoutAccount(await sendForCaller(this.commands, request, GetTemplate, { templateId }));
  }

  @Patch(':id')
  @Operation({
    tag,
    summary: 'Change a template',
    description: 'A JSON merge patch (RFC 7396). Messages that are written already stay as they are.',
    scopes,
    body: { schema: 'TemplatePatch', examples: templatePatchExamples },
    answers: { 200: { description: 'The template as it is now.', schema: 'Template' } },
    problems: { 404: ['template.not_found'], 422: ['template.invalid'] },
  })
  async update(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('template')) templateId: string,
    @Body(new SchemaPipe(TemplatePatchBody)) patch: Static<typeof TemplatePatchBody>,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, UpdateTemplate, { templateId, patch }));
  }

  @Post(':id/preview')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'See what a template makes of sample data',
    description: '`missing` lists what the template names and the data lacks.',
    scopes,
    body: { schema: 'TemplatePreviewRequest', examples: previewExamples, optional: true },
    answers: { 200: { description: 'The message as it would go out.', schema: 'TemplatePreview' } },
    problems: { 404: ['template.not_found'], 422: ['template.render_failed'], 503: ['template.busy'] },
  })
  preview(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('template')) templateId: string,
    @Body(new SchemaPipe(PreviewBody)) body: Static<typeof PreviewBody>,
  ) {
    return sendForCaller(this.commands, request, PreviewTemplate, { templateId, ...body });
  }
}
