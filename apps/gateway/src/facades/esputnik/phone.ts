import { phoneOf } from '@tearoff/contracts';

/** In E.164, or null. The vendor's clients write numbers with their country and often without the plus. */
export const phoneOfClient = (text: string): string | null => phoneOf(text) ?? phoneOf(`+${text.trim()}`);
