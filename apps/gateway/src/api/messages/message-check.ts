import { Injectable } from '@nestjs/common';
import { CheckMessages, DomainError, invalid, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';

export interface MessageText {
  /** JSON Pointer into the caller's body. */
  path: string;
  text: string;
}

/** Has notification, whose templates they are, look at messages before anything is made that would send them. */
@Injectable()
export class MessageCheck {
  constructor(private readonly commands: CommandClient) {}

  /** Refuses texts that cannot be parsed; lets them pass while no one can tell (the default text would go out). */
  async refuseBroken(texts: MessageText[], context: MessageContext): Promise<void> {
    if (texts.length === 0) return;
    const { faults } = await this.commands
      .send(CheckMessages, { texts }, { context })
      .catch(unknownTemplates);
    if (faults.length === 0) return;
    throw invalid('message.invalid', 'A message cannot be parsed.', { errors: faults });
  }
}

function unknownTemplates(error: unknown): { faults: [] } {
  // An older notification, during an upgrade, does not know the command.
  const passes =
    error instanceof DomainError && (error.kind === 'unavailable' || error.code === 'command.unknown');
  if (passes) return { faults: [] };
  throw error;
}

/** The texts among an object's members, each with its path. */
export function textsIn(value: unknown, path: string): MessageText[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsIn(member, `${path}/${name}`));
}
