/** What an account is shown of its own things: everything but its own name on them. */
export function withoutAccount<T extends { accountId: string }>({
  accountId: _,
  ...rest
}: T): Omit<T, 'accountId'> {
  return rest;
}

export function pageOf<T, V>(page: { data: T[]; nextCursor: string | null }, view: (item: T) => V) {
  return { data: page.data.map(view), nextCursor: page.nextCursor };
}
