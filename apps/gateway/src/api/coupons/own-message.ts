import {
  DomainError,
  GetTemplate,
  idPattern,
  invalid,
  type FieldError,
  type MessageContext,
  type MessageOverride,
} from '@tearoff/contracts';
import type { CommandClient } from '@tearoff/messaging';
import { textsIn, type MessageCheck } from '../messages/message-check';

interface Sending {
  accountId: string;
  /** `none`: nothing is sent now. */
  channel: string | undefined;
  context: MessageContext;
}

/** Refuses a message of the coupon's own that could not be sent as it is given. */
export async function checkOwnMessage(
  message: MessageOverride | undefined,
  { accountId, channel = 'none', context }: Sending,
  check: MessageCheck,
  commands: CommandClient,
): Promise<void> {
  if (!message) return;
  const { templateId, data, ...texts } = message;
  if (templateId === undefined) {
    if (data !== undefined) throw refused([{ path: '/message/data', message: 'is for a template' }]);
    return check.refuseBroken(textsIn(texts, '/message'), context);
  }
  const beside = textsIn(texts, '/message').map(({ path }) => ({ path, message: 'comes from the template' }));
  if (beside.length > 0) throw refused(beside);
  if (!isTemplateId.test(templateId)) throw unknownTemplate();
  const template = await commands
    .send(GetTemplate, { accountId, templateId }, { context })
    .catch((error: unknown) => {
      throw error instanceof DomainError && error.code === 'template.not_found' ? unknownTemplate() : error;
    });
  if (channel !== 'none' && template.channel !== channel)
    throw invalid('template.wrong_channel', `This template is for ${template.channel}, not for ${channel}.`, {
      errors: [{ path: '/message/templateId', message: `is for ${template.channel}` }],
    });
}

const isTemplateId = new RegExp(idPattern('template'));

const refused = (errors: FieldError[]): DomainError =>
  invalid('message.invalid', 'A message is a text of its own or a template’s.', { errors });

const unknownTemplate = (): DomainError =>
  invalid('template.not_found', 'There is no such template.', {
    errors: [{ path: '/message/templateId', message: 'is not the id of a template' }],
  });
