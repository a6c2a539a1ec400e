/** What every route of this façade is: for keys that may market, JSON or a form. */
export const marketing = { facadeScopes: ['marketing'] as const, form: true };
