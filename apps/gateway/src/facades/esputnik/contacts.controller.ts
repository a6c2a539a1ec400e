import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, HttpCode, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { invalid, SaveContacts, type ContactInput, type SavedContact } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { Static } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { Erasures } from '../../api/contacts/erasures';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { ContactBody, contactInput, ContactsBody, dedupeOf, SubscribeBody } from './contact.schema';
import { forContact, forContacts, forErasing } from './routes';

type DedupeOn = ReturnType<typeof dedupeOf>;

@Controller('esputnik/api/v1')
export class EsputnikContactsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly erasures: Erasures,
  ) {}

  @Post('contact')
  @HttpCode(200)
  @RouteConfig(forContact)
  contact(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(ContactBody)) body: Static<typeof ContactBody>,
  ) {
    return this.saveOne(request, body, undefined);
  }

  /** Anyone who said that they must not be written to has to take that back themselves. */
  @Post('contact/subscribe')
  @HttpCode(200)
  @RouteConfig(forContact)
  subscribe(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(SubscribeBody)) { contact, dedupeOn }: Static<typeof SubscribeBody>,
  ) {
    return this.saveOne(request, contact, dedupeOf(dedupeOn));
  }

  @Post('contacts')
  @HttpCode(200)
  @RouteConfig(forContacts)
  async contacts(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(ContactsBody)) { contacts, dedupeOn }: Static<typeof ContactsBody>,
  ) {
    const known = dedupeOf(dedupeOn);
    const judged = contacts.map(contactInput);
    const good = judged.flatMap((each) => ('contact' in each ? [each.contact] : []));
    const saved = (await this.save(request, good, known)).values();
    const failed = judged.flatMap((each, index) => {
      if ('faults' in each) return [{ index, message: wordsOf(each.faults[0]) }];
      const result = saved.next().value;
      return result?.outcome === 'refused' ? [{ index, message: result.message }] : [];
    });
    return { id: 0, asyncSessionId: randomUUID(), ...(failed.length > 0 && { failedContacts: failed }) };
  }

  @Delete('contact')
  @HttpCode(200)
  @RouteConfig(forErasing)
  async erase(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Query('externalCustomerId') externalId: unknown,
    @Query('erase') erase: unknown,
  ) {
    if (typeof externalId !== 'string' || !/^[^\0]{1,200}$/u.test(externalId))
      throw invalid('request.invalid', 'externalCustomerId must name the contact.');
    if (erase === 'false')
      throw invalid('request.invalid', 'A contact is erased, or kept: there is nothing in between.');
    await this.erasures.erase(caller, { externalId }, context);
    return {};
  }

  private async saveOne(request: FastifyRequest, body: object, dedupeOn: DedupeOn) {
    const read = contactInput(body);
    if ('faults' in read) throw invalid('request.invalid', 'The body is not valid.', { errors: read.faults });
    const [saved] = await this.save(request, [read.contact], dedupeOn);
    if (saved.outcome === 'refused') throw invalid(saved.code, saved.message);
    return { id: saved.contact.id };
  }

  private async save(
    { caller, messageContext: context }: FastifyRequest,
    contacts: ContactInput[],
    dedupeOn: DedupeOn,
  ): Promise<SavedContact[]> {
    if (contacts.length === 0) return [];
    const request = { accountId: caller.accountId, contacts, ...(dedupeOn && { dedupeOn }) };
    return (await this.commands.send(SaveContacts, request, { context })).results;
  }
}

const wordsOf = ({ path, message }: { path: string; message: string }): string => `${path} ${message}`.trim();
