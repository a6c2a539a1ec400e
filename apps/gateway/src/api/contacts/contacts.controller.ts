import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import { SaveContacts } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { ContactsBody } from './contact.schema';
import { Erasures } from './erasures';
import { Exports } from './exports';
import { personRef, PersonQuery } from './person-ref';

const scopes = ['marketing'] as const;
const tag = 'Contacts';
const howNamed =
  'The name percent-encoded: with an @ it is an e-mail address, with a plus (or dialled with 00) a phone number, ' +
  'otherwise an external id; `by` says it where that would mislead. What else their contact is known by counts too.';
const invalidNames = ['contact.invalid_phone', 'contact.invalid_email', 'contact.invalid_external_id'];

@Controller('v1/contacts')
export class ContactsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly exporting: Exports,
    private readonly erasures: Erasures,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Make or amend up to 3,000 contacts',
    description:
      'A result for each, in their order: one that is wrong harms no other. What is told replaces what was, what is ' +
      'not told stays. They are known by their external id, e-mail address or phone number, in that order, or by ' +
      '`dedupeOn` alone; a name that is another contact’s stays there, and is listed in `conflictingKeys`.',
    scopes: ['marketing', 'send'],
    body: {
      schema: 'ContactsRequest',
      examples: {
        two: {
          summary: 'Two at once',
          value: {
            contacts: [
              {
                externalId: 'customer-77',
                email: 'ann@example.com',
                firstName: 'Ann',
                timezone: 'Europe/London',
              },
              { phone: '07400 123456', country: 'GB', fields: { favourite: 'espresso' } },
            ],
          },
        },
        dedupe: {
          summary: 'Known by e-mail alone',
          value: { dedupeOn: 'email', contacts: [{ email: 'bob@example.com', lastName: 'Miller' }] },
        },
      },
      maxBytes: 8 * 1024 * 1024,
    },
    answers: { 200: { description: 'What became of each.', schema: 'ContactsAnswer' } },
  })
  async save(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(ContactsBody)) body: Static<typeof ContactsBody>,
  ) {
    const { caller, messageContext: context } = request;
    const { results } = await this.commands.send(
      SaveContacts,
      { accountId: caller.accountId, ...body },
      { context },
    );
    return {
      results: results.map((result) =>
        result.outcome === 'refused' ? result : { ...result, contact: withoutAccount(result.contact) },
      ),
    };
  }

  @Get(':contact')
  @Operation({
    tag,
    summary: 'All that is held of a person',
    description: `Asked of every service; 503 names one that cannot be asked. ${howNamed}`,
    scopes,
    query: PersonQuery,
    answers: { 200: { description: 'What is held; empty lists where nothing is.', schema: 'PersonExport' } },
    problems: { 422: invalidNames },
  })
  export(
    @Req() request: FastifyRequest,
    @Param('contact') name: string,
    @Query(new QueryPipe(PersonQuery)) { by }: PersonQuery,
  ) {
    const { caller, messageContext: context } = request;
    return this.exporting.of(caller.accountId, personRef(name, by), context);
  }

  @Delete(':contact')
  @HttpCode(202)
  @Operation({
    tag,
    summary: 'Erase a person everywhere',
    description:
      'Codes, redemptions, money and counts stay without them; that they must not be written to stays with their address. ' +
      `It is done a second time a quarter of an hour later, for what was under way: what is told of them until then goes too. ${howNamed}`,
    scopes,
    query: PersonQuery,
    answers: { 202: { description: 'It is being done.', schema: 'Erasure' } },
    problems: { 422: invalidNames },
  })
  async erase(
    @Req() request: FastifyRequest,
    @Param('contact') name: string,
    @Query(new QueryPipe(PersonQuery)) { by }: PersonQuery,
  ) {
    const { caller, messageContext: context } = request;
    return { id: await this.erasures.erase(caller, personRef(name, by), context), status: 'accepted' };
  }
}
