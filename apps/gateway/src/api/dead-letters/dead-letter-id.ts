import { deadLetterServices, invalid, notFound, type DeadLetterService } from '@tearoff/contracts';

/** A dead letter among those of all services: `automation.17`. */
export interface DeadLetterId {
  service: DeadLetterService;
  id: string;
}

const pattern = new RegExp(`^(${deadLetterServices.join('|')})\\.([1-9]\\d{0,17})$`);

export const letterText = ({ service, id }: DeadLetterId): string => `${service}.${id}`;

/** Fails with `dead_letter.not_found`. */
export function letterId(text: string): DeadLetterId {
  const letter = read(text);
  if (!letter) throw notFound('dead_letter.not_found', 'There is no such dead letter.');
  return letter;
}

/** Where a page ended: the last letter that was seen of each service. */
export type Places = Partial<Record<DeadLetterService, string>>;

export const cursorOf = (places: Places): string =>
  Buffer.from(
    deadLetterServices
      .flatMap((service) => (places[service] ? letterText({ service, id: places[service] }) : []))
      .join(),
  ).toString('base64url');

/** Fails with `request.invalid_cursor`. */
export function placesOf(cursor: string): Places {
  const letters = Buffer.from(cursor, 'base64url').toString().split(',').map(read);
  if (letters.includes(null)) throw invalid('request.invalid_cursor', 'This is not a cursor of ours.');
  return Object.fromEntries((letters as DeadLetterId[]).map(({ service, id }) => [service, id]));
}

function read(text: string): DeadLetterId | null {
  const [, service, id] = pattern.exec(text) ?? [];
  return id === undefined ? null : { service: service as DeadLetterService, id };
}
