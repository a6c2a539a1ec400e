/** Shorter than this a secret that someone made up can be guessed; `openssl rand -hex 24` makes 48 characters. */
export const shortestSecret = 24;

/** What stands, or once stood, in our own example files and pages where a secret belongs. */
const placeholders = /^change[-_ ]?me|^secret\d*$|^<.*>$|…/i;

/** Whether a secret is one that anyone can read in our repository. */
export const isPlaceholder = (secret: string): boolean => placeholders.test(secret);

/** Why a secret that a person chose cannot be used; undefined when it can. The message never holds it. */
export function weaknessOf(secret: string): string | undefined {
  if (isPlaceholder(secret)) return 'is a placeholder, not a secret (openssl rand -hex 24 makes one)';
  if (secret.length >= shortestSecret) return undefined;
  return `must have at least ${shortestSecret} characters (openssl rand -hex 24 makes some)`;
}
