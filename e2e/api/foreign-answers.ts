import { foreignAttempts, type Attempt } from './foreign-attempts';
import type { Furnished, TwoAccounts } from './two-accounts';

const anId = /\b[a-z]{2,5}_[0-9a-z]{26}\b/g;
const idsIn = (text: string): string[] => [...new Set(text.match(anId))];

/**
 * Asks, with the key of `mine`, for all that `theirs` has, by every route. Answers what was wrong, one line each: an
 * answer with another status, an answer that names a thing of theirs, a row of theirs that is no longer what it was.
 */
export async function faultsOfForeignAnswers({
  system,
  mine,
  theirs,
  settled,
  rowsOf,
}: Pick<TwoAccounts, 'system' | 'mine' | 'theirs' | 'settled' | 'rowsOf'>): Promise<string[]> {
  const faults: string[] = [];
  const foreignIds = idsIn(theirs.text).filter((id) => !mine.text.includes(id));
  const before = await rowsOf(theirs);
  for (const [route, method, attempt] of attempts(theirs, mine)) {
    const { path, body, status = 404 } = attempt;
    const answer = await system.call(method, path, { as: mine.key, body });
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
    if (answer.status !== status)
      faults.push(`${method} ${path}: ${answer.status} and not ${status}: ${text.slice(0, 200)}`);
    const named = path + JSON.stringify(body ?? '');
    const shown = foreignIds.filter((id) => text.includes(id) && !named.includes(id));
    if (shown.length > 0) faults.push(`${route} (${path}) shows ${shown.join(', ')}`);
  }
  await settled();
  const after = await rowsOf(theirs);
  for (const [table, rows] of Object.entries(before)) {
    const lost = rows.filter((row) => !after[table].includes(row));
    const come = after[table].filter((row) => !rows.includes(row));
    if (lost.length + come.length > 0)
      faults.push(
        `${table}: ${lost.length} rows lost, ${come.length} come: ${[...lost, ...come].join(' ').slice(0, 600)}`,
      );
  }
  return faults;
}

/** The routes whose reading attempts are answered to nobody, not even the owner: a 404 there shows nothing. */
export async function unreadableToOwner({ system, theirs }: TwoAccounts): Promise<string[]> {
  const readable = new Set<string>();
  const reading = attempts(theirs, theirs).filter(([, method]) => method === 'GET');
  for (const [route, method, { path }] of reading)
    if ((await system.call(method, path, { as: theirs.key })).status === 200) readable.add(route);
  return [...new Set(reading.map(([route]) => route))].filter((route) => !readable.has(route));
}

function attempts(theirs: Furnished, mine: Furnished): [route: string, method: string, attempt: Attempt][] {
  return Object.entries(foreignAttempts).flatMap(([route, of]) =>
    of(theirs.ids, mine.ids).map((each): [string, string, Attempt] => [
      route,
      route.split(' ')[0],
      typeof each === 'string' ? { path: each } : each,
    ]),
  );
}

/** The query parameters with which a route is tried. */
export const filtersTried = (route: string, { ids }: Furnished): string[] =>
  (foreignAttempts[route]?.(ids, ids) ?? []).flatMap((each) => [
    ...new URL(typeof each === 'string' ? each : each.path, 'http://x').searchParams.keys(),
  ]);
