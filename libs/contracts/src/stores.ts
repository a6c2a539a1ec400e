import { Type, type Static } from '@sinclair/typebox';
import { defineCommand } from './definitions';
import { Id, Instant, Nullable, Page, PageRequest } from './values';

/** The id may be the caller's own (the number its tills send); one is made when none is given. */
export const StoreInput = Type.Object({
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]*$' })),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  address: Type.Optional(Type.String({ maxLength: 500 })),
  /** IANA. */
  timezone: Type.Optional(Type.String({ maxLength: 64 })),
});
export const Store = Type.Object({
  id: Type.String(),
  accountId: Id('account'),
  name: Type.String(),
  address: Nullable(Type.String()),
  timezone: Nullable(Type.String()),
  createdAt: Instant(),
});
export type Store = Static<typeof Store>;

/** Fails with `store.exists`, `store.invalid_timezone`. */
export const CreateStore = defineCommand('redemption', 'store.create', {
  request: Type.Object({ accountId: Id('account'), store: StoreInput }),
  reply: Store,
});
export const ListStores = defineCommand('redemption', 'store.list', {
  request: Type.Object({ accountId: Id('account'), ...PageRequest }),
  reply: Page(Store),
});
