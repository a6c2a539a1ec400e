import { Type } from '@sinclair/typebox';
import { Id, Instant, OneOf } from '@tearoff/contracts';
import { scopes } from './scopes';

const key = {
  id: Id('apiKey'),
  clientId: Type.String(),
  name: Type.String(),
  scopes: Type.Array(OneOf(scopes)),
  origins: Type.Optional(Type.Array(Type.String(), { description: 'Of a public key.' })),
  createdAt: Instant(),
};
const newKey = { ...key, clientSecret: Type.String({ description: 'Shown now and never again.' }) };
const account = { id: Id('account'), name: Type.String(), createdAt: Instant() };

/** The shapes of accounts and their keys, by their names in the OpenAPI document. */
export const apiKeySchemas = {
  ApiKeyInput: Type.Object({
    name: Type.String({ maxLength: 200 }),
    scopes: Type.Array(OneOf(scopes)),
    origins: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
  }),
  ApiKey: Type.Object(key),
  NewApiKey: Type.Object(newKey),
  AccountInput: Type.Object({ name: Type.String({ maxLength: 200 }) }),
  Account: Type.Object(account),
  NewAccount: Type.Object({ ...account, apiKey: Type.Object(newKey) }),
};
