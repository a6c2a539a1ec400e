import { Type, type TObject, type TSchema } from '@sinclair/typebox';

/** The shape of what `withoutAccount` of http/views leaves. */
export const withoutAccount = (schema: TObject): TObject => Type.Omit(schema, ['accountId']);

/** The body of a PATCH, as documented. */
export const mergePatchOf = (schema: TObject): TSchema =>
  Type.Unsafe({ ...schema, description: 'A JSON merge patch (RFC 7396).' });
