import type { RequestOf, SearchMembers } from '@tearoff/contracts';
import { idOfCursor } from '../cursor';
import { patternOf } from './search-text';

/**
 * The ids of a page. Never prepared: with the pattern before it the planner knows whether few have it (the trigram
 * index) or many (the newest members, until the page is full).
 */
export function searchStatement(
  { accountId, q, cardId, cursor }: RequestOf<typeof SearchMembers>,
  limit: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = [accountId, limit];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const [table, id] = cardId === undefined ? ['member m', 'm.id'] : ['enrolment e', 'e.member_id'];
  const conditions = [`${table.at(-1)}.account_id = $1`];
  if (cardId !== undefined) conditions.push(`e.card_id = ${bound(cardId)}`);
  if (cursor !== undefined) conditions.push(`${id} < ${bound(idOfCursor('member', cursor))}`);
  if (q !== undefined) conditions.push(matches(q, bound));
  const text = `select ${id} as id from ${table}
    ${cardId !== undefined && q !== undefined ? 'join member m on m.account_id = e.account_id and m.id = e.member_id' : ''}
    where ${conditions.join(' and ')} order by ${id} desc limit $2`;
  return { text, values };
}

/** What begins as an id does is one, or its beginning: the primary key finds it. */
function matches(q: string, bound: (value: unknown) => string): string {
  const text = q.trim().toLowerCase();
  if (/^mem_[0-9a-z]*$/.test(text)) return `m.id >= ${bound(text)} and m.id < ${bound(`${text}~`)}`;
  return `m.search like ${bound(patternOf(q.trim()))}`;
}
