import { Injectable, Logger } from '@nestjs/common';
import {
  DomainError,
  EventRecorded,
  type EventRecordedItem,
  type MessageContext,
  type RecordEvent,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { isDatabaseAway } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { ContactsService, type Told } from '../contacts/contacts.service';
import { patiently } from '../patiently';
import { EventCounts } from './event-counts';
import { isReserved, takenEvent, type TakenEvent } from './event.rules';
import { firstOfKeys, requiredParams, textOf, typeText, writeEvents } from './events.sql';

type Request = RequestOf<typeof RecordEvent>;
type Reply = ReplyOf<typeof RecordEvent>;
interface Given {
  request: Request;
  context: MessageContext;
}
type Kept = Awaited<ReturnType<ContactsService['keep']>>[number];

@Injectable()
export class EventsService {
  private readonly logger = new Logger(EventsService.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly contacts: ContactsService,
    private readonly counts: EventCounts,
  ) {}

  async record(
    requests: readonly Request[],
    contexts: readonly MessageContext[],
  ): Promise<(Reply | DomainError)[]> {
    return this.settle(requests.map((request, index) => ({ request, context: contexts[index] })));
  }

  /** Those that fail together are tried apart, so that one of them harms no other. */
  private async settle(given: readonly Given[]): Promise<(Reply | DomainError)[]> {
    try {
      return await patiently(() => this.together(given));
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      if (given.length > 1) {
        const replies: (Reply | DomainError)[] = [];
        for (const each of given) replies.push(...(await this.settle([each])));
        return replies;
      }
      this.logger.error(`an event of type ${given[0].request.type} could not be recorded`, error);
      return [new DomainError('internal', 'internal', 'An unexpected error occurred.')];
    }
  }

  private async together(given: readonly Given[]): Promise<(Reply | DomainError)[]> {
    const types = await requiredParams(
      this.dataSource,
      given.map(({ request }) => request).filter(({ type }) => !isReserved(type)),
    );
    const judged = given.map(({ request }) => takenEvent(request, types.get(typeText(request)) ?? []));
    const named = judged.flatMap((event) => toldBy(event) ?? []);
    const known = await this.contacts.known(named);
    const { replies, told } = await this.outbox.transaction(async (tx) => {
      const kept = (known ?? (await this.contacts.keep(tx, named)))[Symbol.iterator]();
      const items = await itemsOf(
        tx,
        judged.map((event) => (toldBy(event) ? withContact(event, kept.next().value ?? null) : event)),
      );
      const fresh = await writeEvents(tx, items.filter(isItem));
      const contexts: MessageContext[] = [];
      const told = items.filter((item, index): item is RecordedItem => {
        if (!isItem(item) || !fresh.delete(item.eventId)) return false;
        contexts.push(given[index].context);
        return true;
      });
      await this.outbox.add(
        tx,
        EventRecorded,
        told.map(({ firstId: _, ...item }) => item),
        { contexts },
      );
      return { replies: items.map(replyOf), told };
    });
    this.counts.add(told);
    return replies;
  }
}

type RecordedItem = EventRecordedItem & { firstId: string };
type WithContact = TakenEvent & { contactId?: string };

const isItem = (item: RecordedItem | DomainError): item is RecordedItem => !(item instanceof DomainError);

const toldBy = (event: TakenEvent | DomainError): Told | null =>
  event instanceof DomainError || !event.told
    ? null
    : { accountId: event.request.accountId, told: event.told };

const withContact = (event: TakenEvent | DomainError, kept: Kept): WithContact | DomainError =>
  event instanceof DomainError || kept instanceof DomainError
    ? (kept as DomainError)
    : { ...event, contactId: kept?.contact.id };

const replyOf = (item: RecordedItem | DomainError): Reply | DomainError =>
  isItem(item) ? { id: item.firstId, repeated: item.repeated } : item;

async function itemsOf(
  tx: Transaction,
  events: readonly (WithContact | DomainError)[],
): Promise<(RecordedItem | DomainError)[]> {
  const firsts = await firstOfKeys(
    tx,
    events.flatMap((event) =>
      event instanceof DomainError || event.key === null ? [] : [{ ...event.request, key: event.key }],
    ),
  );
  const at = new Date().toISOString();
  return events.map((event) => {
    if (event instanceof DomainError) return event;
    const { request, told, key, contactId } = event;
    const { eventId, accountId, type, params = {} } = request;
    const firstId = key === null ? eventId : firsts.get(textOf({ accountId, type, key }))!;
    return {
      eventId,
      accountId,
      type,
      key: key ?? eventId,
      repeated: firstId !== eventId,
      contactId: contactId ?? null,
      contact: told,
      params,
      at,
      firstId,
    };
  });
}
