import { foreignAttempts, type Attempt } from './foreign-attempts';
import { idsIn, type Furnished, type TwoAccounts } from './two-accounts';

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
  faults.push(...changes(before, await rowsOf(theirs)));
  return faults;
}

/**
 * What changes for `theirs`, which has one of everything, when `mine` comes and has the same: what it reads by each
 * route, and its rows. One line each.
 */
export async function faultsOfAnArrival(two: TwoAccounts): Promise<string[]> {
  const { mine, theirs, furnished, rowsOf } = two;
  await furnished(theirs);
  // Read before the rows are looked at: a pass remembers that it was fetched.
  const reads = await readsOf(two, theirs);
  const rows = await rowsOf(theirs);
  await furnished(mine);
  return [...changes(rows, await rowsOf(theirs)), ...changes(reads, await readsOf(two, theirs))];
}

/** What an account is answered by each route where it reads what it has, by route. */
export async function readsOf(
  { system }: TwoAccounts,
  account: Furnished,
): Promise<Record<string, string[]>> {
  const reads: Record<string, string[]> = {};
  for (const [route, method, { path }] of attempts(account, account)) {
    if (method !== 'GET') continue;
    const { status, body } = await system.call(method, path, { as: account.key });
    // A pass is signed anew each time.
    const { traceId: _, ...answer } = typeof body === 'string' ? {} : body;
    (reads[route] ??= []).push(`${status} ${path} ${JSON.stringify(answer)}`);
  }
  return reads;
}

function changes(before: Record<string, string[]>, after: Record<string, string[]>): string[] {
  return Object.entries(before).flatMap(([name, lines]) => {
    const lost = lines.filter((line) => !after[name].includes(line));
    const come = after[name].filter((line) => !lines.includes(line));
    if (lost.length + come.length === 0) return [];
    return [
      `${name}: ${lost.length} lost, ${come.length} come: ${[...lost, ...come].join(' ').slice(0, 900)}`,
    ];
  });
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
