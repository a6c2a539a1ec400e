import { Body, Controller, Get, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  CreateMember,
  GetMember,
  SearchMembers,
  UpdateMember,
  type MemberInput,
  type MemberPatch,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { searchOf } from '../../http/validation/plus';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { IsText } from '../../http/validation/validators';
import { pageOf } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { foundView, memberView } from './loyalty.view';
import { memberExamples, memberPatchExamples } from './member.examples';
import { MemberBody, MemberPatchBody } from './member.schema';

const scopes = ['marketing'] as const;
const tag = 'Loyalty';
const taken = { 409: ['member.exists'] };
const wrong = {
  422: ['recipient.missing', 'recipient.invalid_phone', 'recipient.invalid_email', 'member.invalid'],
};

/** What loyalty looks for: three characters, or one that is a syllable or a word. */
const enoughToSeek = /.{3}|[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]/su;

export class MembersQuery extends PagingQuery {
  /** Also half of a phone number that begins with its plus. */
  @Optional()
  @Transform(searchOf)
  @IsText(200)
  @Matches(enoughToSeek, {
    message: 'must have at least 3 characters, or one of Chinese, Japanese or Korean',
  })
  q?: string;
  @Optional() @IsText(48) cardId?: string;
}

@Controller('v1/loyalty/members')
export class MembersController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post()
  @Operation({
    tag,
    summary: 'Make a member',
    description:
      'With at least one of `phone`, `email` and `externalId`; each of them belongs to one member. A `password` is ' +
      'kept as a hash and never shown.',
    scopes,
    body: { schema: 'MemberInput', examples: memberExamples },
    answers: { 201: { description: 'The member.', schema: 'Member' } },
    problems: { ...taken, ...wrong },
  })
  async create(@Req() request: FastifyRequest, @Body(new SchemaPipe(MemberBody)) member: MemberInput) {
    return memberView(await sendForCaller(this.commands, request, CreateMember, { member }));
  }

  @Get()
  @Operation({
    tag,
    summary: 'Search members',
    description:
      '`q`: a part of a first or last name, e-mail address, phone number or id, of three characters or more (not counting ' +
      'spaces around them) or one of Chinese, Japanese or Korean, in any case, with or without accents: `strasse` finds ' +
      'Straße. Several words are found in any order: `Lee Bruce`, `李小龙`. `cardId`: those on that card, each with their enrolment. Without `q`, newest first.',
    scopes,
    query: MembersQuery,
    answers: { 200: { description: 'A page of members.', schema: 'FoundMember', page: true } },
    problems: { 404: ['card.not_found'] },
  })
  async search(@Req() request: FastifyRequest, @Query(new QueryPipe(MembersQuery)) query: MembersQuery) {
    const page = await sendForCaller(this.commands, request, SearchMembers, query);
    return pageOf(page, (found) => foundView(found, this.publicUrl));
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a member',
    scopes,
    answers: { 200: { description: 'The member.', schema: 'Member' } },
    problems: { 404: ['member.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('member')) memberId: string) {
    return memberView(await sendForCaller(this.commands, request, GetMember, { memberId }));
  }

  @Patch(':id')
  @Operation({
    tag,
    summary: 'Change a member',
    description: 'A JSON merge patch (RFC 7396); one of their three names has to stay.',
    scopes,
    body: { schema: 'MemberPatch', examples: memberPatchExamples },
    answers: { 200: { description: 'The member as they are now.', schema: 'Member' } },
    problems: { 404: ['member.not_found'], ...taken, ...wrong },
  })
  async update(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('member')) memberId: string,
    @Body(new SchemaPipe(MemberPatchBody)) patch: MemberPatch,
  ) {
    return memberView(await sendForCaller(this.commands, request, UpdateMember, { memberId, patch }));
  }
}
