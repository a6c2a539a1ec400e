const eightMebibytes = 8 * 1024 * 1024;

/** The vendor's keys are for everything: so one that may tell of events may write to people, too. */
export const forKeys = { facadeScopes: ['events', 'marketing'] as const };
/** What takes up to 3,000 people at a time. */
export const forMany = { ...forKeys, facadeBodyLimit: eightMebibytes };
/** 20 kB, as the vendor has it. */
export const forEvents = { facadeScopes: ['events'] as const, facadeBodyLimit: 20 * 1024 };
/** What cannot be undone is not for a key that merely tells of events. */
export const forErasing = { facadeScopes: ['marketing'] as const };
