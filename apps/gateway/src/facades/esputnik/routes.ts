const eightMebibytes = 8 * 1024 * 1024;

/** 20 kB, as the vendor has it. */
export const forEvents = { standsFor: ['POST /v1/events'], facadeBodyLimit: 20 * 1024 };
/** Up to 1,000 people at a time. */
export const forSending = { standsFor: ['POST /v1/messages'], facadeBodyLimit: eightMebibytes };
export const forContact = { standsFor: ['POST /v1/contacts'] };
/** Up to 3,000 people at a time. */
export const forContacts = { ...forContact, facadeBodyLimit: eightMebibytes };
/** What cannot be undone is not for a key that merely sends. */
export const forErasing = { standsFor: ['DELETE /v1/contacts/:contact'] };
/**
 * No native twin: `GET /v1/deliveries` lists everyone who was written to, this one tells of messages whose ids the
 * caller was given when it sent them.
 */
export const forStatus = { facadeScopes: ['marketing', 'send'] as const };
/** No native twin: with these a client finds out whether its key works. */
export const forAnyKey = { facadeScopes: ['events', 'send', 'marketing'] as const };
