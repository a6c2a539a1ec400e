import { invalid, type MessageContext, type MessageOverride } from '@tearoff/contracts';
import { textsIn, type MessageCheck } from '../messages/message-check';

/** Refuses a message of the coupon's own that could not be sent as it is given. */
export async function checkOwnMessage(
  message: MessageOverride | undefined,
  check: MessageCheck,
  context: MessageContext,
): Promise<void> {
  if (!message) return;
  const { templateId, ...texts } = message;
  // There are no stored templates yet, so none has that id.
  if (templateId !== undefined) {
    throw invalid('template.not_found', 'There is no such template.', {
      errors: [{ path: '/message/templateId', message: 'is not the id of a template' }],
    });
  }
  await check.refuseBroken(textsIn(texts, '/message'), context);
}
