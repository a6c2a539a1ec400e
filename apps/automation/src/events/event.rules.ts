import {
  DomainError,
  invalid,
  isReservedEvent,
  personKey,
  reservedEventMessage,
  systemEvents,
  type RecordEvent,
  type RequestOf,
} from '@tearoff/contracts';
import { normaliseContact, type NormalisedContact } from '../contacts/normalised-contact';

/** An event that nothing speaks against. */
export interface TakenEvent {
  request: RequestOf<typeof RecordEvent>;
  told: NormalisedContact | null;
  /** Null: no one can say that it came before. */
  key: string | null;
}

/** What is wrong with listening for it, or null: a system event's name that is mistyped is one that nothing ever has. */
export const unknownEventFault = (event: string): string | null =>
  isReservedEvent(event) && !(systemEvents as readonly string[]).includes(event)
    ? `is no event of the system: ${systemEvents.join(', ')}`
    : null;

export const reservedType = (): DomainError => invalid('event.reserved_type', reservedEventMessage);

/** Or why it is refused. */
export function takenEvent(
  request: RequestOf<typeof RecordEvent>,
  requiredParams: readonly string[],
): TakenEvent | DomainError {
  if (isReservedEvent(request.type)) return reservedType();
  const told = request.contact ? normaliseContact(request.contact) : null;
  if (told instanceof DomainError) return told;
  const { params = {} } = request;
  const missing = requiredParams.filter((name) => !Object.hasOwn(params, name));
  if (missing.length > 0)
    return invalid(
      'event.missing_params',
      `The event should have the following params: [${requiredParams.join(', ')}]`,
      { errors: missing.map((name) => ({ path: `/params/${name}`, message: 'is required' })) },
    );
  return { request, told, key: request.key ?? (told && keyOfContact(told)) };
}

/** Of an event without a key of its own: the strongest of the names its contact has. */
function keyOfContact({ externalId, email, phone }: NormalisedContact): string | null {
  const address = email ?? phone;
  return externalId ?? (address === undefined ? null : personKey(address));
}
