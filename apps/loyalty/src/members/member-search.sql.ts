import type { RequestOf, SearchMembers } from '@tearoff/contracts';
import { decodeIdCursor } from '@tearoff/service-kit';
import { searchTooShort } from './members.errors';
import { patternsOf } from './search-patterns';

const columns = `m.id, m.account_id as "accountId", m.phone, m.email, m.external_id as "externalId",
    m.first_name as "firstName", m.last_name as "lastName", m.birthday::text as birthday, m.gender, m.city,
    m.language_code as "languageCode", m.created_at as "createdAt", m.updated_at as "updatedAt"`;

/**
 * The members of a page, as `memberOf` takes them. Never prepared: with the pattern before it the planner knows whether
 * few have it (the trigram index) or many (the newest members, until the page is full). Fails with `request.invalid`
 * where `q` is too short.
 */
export function searchStatement(
  { accountId, q, cardId, cursor }: RequestOf<typeof SearchMembers>,
  limit: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = [accountId, limit];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const [table, id] = cardId === undefined ? ['m', 'm.id'] : ['e', 'e.member_id'];
  const conditions = [`${table}.account_id = $1`];
  if (cardId !== undefined) conditions.push(`e.card_id = ${bound(cardId)}`);
  const before = decodeIdCursor(cursor, 'member');
  if (before) conditions.push(`${id} < ${bound(before)}`);
  if (q !== undefined) conditions.push(matches(q, bound));
  const from =
    cardId === undefined
      ? 'member m'
      : 'enrolment e join member m on m.account_id = e.account_id and m.id = e.member_id';
  const text = `select ${columns} from ${from}
    where ${conditions.join(' and ')} order by ${id} desc limit $2`;
  return { text, values };
}

/** What begins as an id does is one, or its beginning: the primary key finds it. */
function matches(q: string, bound: (value: unknown) => string): string {
  const text = q.trim().toLowerCase();
  if (/^mem_[0-9a-z]*$/.test(text)) return `m.id >= ${bound(text)} and m.id < ${bound(`${text}~`)}`;
  const patterns = patternsOf(q);
  if (patterns === null) throw searchTooShort();
  return `(${patterns.map((pattern) => `m.search like ${bound(pattern)}`).join(' or ')})`;
}
