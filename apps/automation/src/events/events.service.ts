import { Injectable, Logger } from '@nestjs/common';
import {
  DomainError,
  EventRecorded,
  isReservedEvent,
  type MessageContext,
  type RecordEvent,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { isDatabaseUnavailable, isWriteConflict, retryOnConflict } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { ContactsService, type AccountContact } from '../contacts/contacts.service';
import { EventCounts } from './event-counts';
import { takenEvent, type TakenEvent } from './event.rules';
import { firstOfKeys, recordEvents, requiredParams, textOf, typeText, type EventRow } from './events.sql';

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
      return await retryOnConflict(() => this.together(given), isWriteConflict);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
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
      given.map(({ request }) => request).filter(({ type }) => !isReservedEvent(type)),
    );
    const judged = given.map(({ request }) => takenEvent(request, types.get(typeText(request)) ?? []));
    const named = judged.flatMap((event) => toldBy(event) ?? []);
    const known = await this.contacts.keepFast(named);
    const { events, repeated } = known
      ? await this.write(this.dataSource, judged, known, given)
      : await this.outbox.transaction(async (tx) =>
          this.write(tx, judged, await this.contacts.keep(tx, named), given),
        );
    this.outbox.wake(EventRecorded);
    return this.replies(events, repeated);
  }

  private async write(
    target: DataSource | Transaction,
    judged: readonly (TakenEvent | DomainError)[],
    kept: readonly Kept[],
    given: readonly Given[],
  ): Promise<{ events: (EventRow | DomainError)[]; repeated: boolean[] }> {
    const contacts = kept[Symbol.iterator]();
    const seen = new Set<string>();
    const at = new Date().toISOString();
    const events = judged.map((event, index) => {
      const contact: Kept = toldBy(event) ? (contacts.next().value ?? null) : null;
      if (event instanceof DomainError) return event;
      return contact instanceof DomainError
        ? contact
        : rowOf(event, contact?.contact.id ?? null, seen, at, given[index].context);
    });
    const rows = events.filter(isRow);
    return { events, repeated: await recordEvents(target, rows) };
  }

  private async replies(
    events: readonly (EventRow | DomainError)[],
    repeated: readonly boolean[],
  ): Promise<(Reply | DomainError)[]> {
    const rows = events.filter(isRow);
    const firsts = await firstOfKeys(
      this.dataSource,
      rows.filter((_, index) => repeated[index]).map((row) => ({ ...row, key: row.key! })),
    );
    const again = new Set(rows.filter((_, index) => repeated[index]));
    this.counts.add(rows.map(({ item }) => item));
    return events.map((event) => {
      if (!isRow(event)) return event;
      const first = again.has(event) ? firsts.get(textOf({ ...event, key: event.key! })) : undefined;
      // The very event again, whose answer was lost.
      return { id: first ?? event.eventId, repeated: again.has(event) && first !== event.eventId };
    });
  }
}

const isRow = (event: EventRow | DomainError): event is EventRow => !(event instanceof DomainError);

const toldBy = (event: TakenEvent | DomainError): AccountContact | null =>
  event instanceof DomainError || !event.told
    ? null
    : { accountId: event.request.accountId, given: event.told };

function rowOf(
  { request, told, key }: TakenEvent,
  contactId: string | null,
  seen: Set<string>,
  at: string,
  context: MessageContext,
): EventRow {
  const { eventId, accountId, type, params = {} } = request;
  const text = key === null ? null : textOf({ accountId, type, key });
  const isFirst = text !== null && !seen.has(text);
  if (text !== null) seen.add(text);
  const item = { eventId, accountId, type, key: key ?? eventId, contactId, contact: told, params, at };
  return { eventId, accountId, type, key, isFirst, item, context };
}
