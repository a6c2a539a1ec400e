// What no font draws: zero-width characters, soft hyphens, direction marks, variation selectors, Hangul fillers.
// Contact books, messengers and web pages add them, and they travel along when an address is copied.
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
// The two of them that tell domains of Persian and of Indic scripts apart; IDNA says where.
const ignorableButJoiners = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;

/** As it is read: compatibility forms (full and half width, ligatures) made plain, what cannot be seen removed. */
export const plainText = (text: string): string => text.replace(ignorable, '').normalize('NFKC').trim();

export const plainTextWithJoiners = (text: string): string =>
  text.replace(ignorableButJoiners, '').normalize('NFKC').trim();

const controls = /\p{Cc}/u;

/** Around an address, white space of any kind is a matter of copying; a control character inside it never is. */
export const hasControls = (text: string): boolean => controls.test(text.trim());
