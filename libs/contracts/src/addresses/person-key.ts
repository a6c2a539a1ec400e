import { formsOf } from './national-numbers';

/**
 * What makes two addresses one person's: equal for all of them. Takes an address as `phoneOf` or `emailOf` gives it,
 * which is what is written to; the key is for comparing alone. A campaign may fold e-mail addresses further
 * (`ignorePlus`, `ignoreDots`).
 */
export const personKey = (address: string): string => formsOf(address)[0];

/**
 * The person key of a column of phone numbers, for a PostgreSQL index and the joins that use it: they must name the same
 * expression, to the letter. Numbers that get a second form in `formsOf` need it here and a migration of each index.
 */
export const phoneKeySql = (column: string): string =>
  `regexp_replace(${column}, '^\\+54(?=(11|[23][0-9])[0-9]{8}$)', '+549')`;

/** Every address with the same person key, the given one first: for tables that keep what was written to. */
export const addressesOfPerson = (address: string): string[] => [
  address,
  ...formsOf(address).filter((form) => form !== address),
];
