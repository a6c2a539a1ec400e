/** A phone number in a query whose plus was not percent-encoded, and so arrives as a space. */
export const withPlus = (value: string): string => value.replace(/^ (?=\d)/, '+');

/** The same for class-transformer's `@Transform`. */
export const plusOf = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? withPlus(value) : value;

/** For what is searched for: as `plusOf`, and without spaces around it. */
export const searchOf = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? withPlus(value).trim() : value;
