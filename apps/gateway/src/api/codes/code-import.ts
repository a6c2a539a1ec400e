import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import {
  AppendCodes,
  BeginCodeImport,
  FinishCodeImport,
  type Job,
  type MessageContext,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { CodeColumnChoice } from './code-columns';
import { codeChunks } from './csv-codes';

/** Passes an upload on to issuance while it arrives; a chunk is read when the one before it is safe. */
@Injectable()
export class CodeImport {
  constructor(private readonly commands: CommandClient) {}

  /** An upload that breaks off leaves nothing behind. */
  async run(
    accountId: string,
    campaignId: string,
    upload: Readable,
    choice: CodeColumnChoice & { charset?: string },
    context: MessageContext,
  ): Promise<Job> {
    const { id: jobId } = await this.commands.send(BeginCodeImport, { accountId, campaignId }, { context });
    try {
      let chunk = 0;
      for await (const { lines, faults } of codeChunks(upload, choice, choice.charset))
        await this.commands.send(
          AppendCodes,
          { accountId, jobId, chunk: chunk++, lines, faults },
          { context },
        );
      return await this.commands.send(FinishCodeImport, { accountId, jobId }, { context });
    } catch (error) {
      // Should this fail too, issuance lets go of an import that no one goes on with.
      await this.commands
        .send(FinishCodeImport, { accountId, jobId, abandon: true }, { context })
        .catch(() => undefined);
      throw error;
    }
  }
}
