import { Injectable } from '@nestjs/common';
import {
  AppendRecipients,
  BeginDistribution,
  FinishDistribution,
  type Job,
  type MessageContext,
  type RequestOf,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { ListChunk } from './list-rows';

/** Passes a list on to issuance, chunk by chunk; one is read when the one before it is safe. */
@Injectable()
export class ListUpload {
  constructor(private readonly commands: CommandClient) {}

  /** A list that breaks off leaves nothing behind, and no one is served. */
  async run(
    list: RequestOf<typeof BeginDistribution>,
    chunks: AsyncIterable<ListChunk> | Iterable<ListChunk>,
    context: MessageContext,
  ): Promise<Job> {
    const { accountId } = list;
    const { id: jobId } = await this.commands.send(BeginDistribution, list, { context });
    try {
      let chunk = 0;
      for await (const { rows, faults } of chunks)
        await this.commands.send(
          AppendRecipients,
          { accountId, jobId, chunk: chunk++, rows, faults },
          { context },
        );
      return await this.commands.send(FinishDistribution, { accountId, jobId }, { context });
    } catch (error) {
      // Should this fail too, issuance lets go of a list that no one goes on with.
      await this.commands
        .send(FinishDistribution, { accountId, jobId, abandon: true }, { context })
        .catch(() => undefined);
      throw error;
    }
  }
}
