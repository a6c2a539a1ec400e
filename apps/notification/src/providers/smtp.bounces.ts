/** RFC 3463: no such mailbox (5.1.1), moved for good (5.1.6), a domain that takes no mail (5.1.10). */
const unknownMailboxCodes = /^5\.1\.(1|6|10)$/;
/** For servers that give no enhanced code, of which 550 says no more than "no". */
const unknownMailbox =
  /\b(no such (user|mailbox|recipient)|(user|recipient|mailbox|address) (is )?(unknown|not found|does not exist|doesn't exist)|(unknown|invalid) (user|recipient|mailbox))\b/i;

/**
 * Whether a refusal of the recipient says that there is no one at the address. All else that is permanent (policy
 * 5.7.x, a full mailbox, a spam filter) may be different tomorrow, and is no reason never to write again.
 */
export function isBounce(responseCode: number, response: string): boolean {
  const enhanced = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0];
  if (enhanced !== undefined) return unknownMailboxCodes.test(enhanced);
  return (responseCode === 550 || responseCode === 551) && unknownMailbox.test(response);
}
