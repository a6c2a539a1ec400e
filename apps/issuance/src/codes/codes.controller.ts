import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  AppendCodes,
  BeginCodeImport,
  FinishCodeImport,
  GenerateCodes,
  ListCodes,
  type Job,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { toStorable, StorablePipe } from '@tearoff/service-kit';
import { CodeImportService } from './code-import.service';
import { StackService } from './stack.service';

@Controller()
export class CodesController {
  constructor(
    private readonly stack: StackService,
    private readonly imports: CodeImportService,
  ) {}

  @MessagePattern(GenerateCodes.name)
  @UsePipes(StorablePipe)
  generate(@Payload() request: RequestOf<typeof GenerateCodes>): Promise<Job> {
    return this.stack.generate(request);
  }

  @MessagePattern(ListCodes.name)
  @UsePipes(StorablePipe)
  list(@Payload() request: RequestOf<typeof ListCodes>): Promise<ReplyOf<typeof ListCodes>> {
    return this.stack.list(request);
  }

  @MessagePattern(BeginCodeImport.name)
  @UsePipes(StorablePipe)
  begin(@Payload() request: RequestOf<typeof BeginCodeImport>): Promise<Job> {
    return this.imports.begin(request);
  }

  /** Lines stay as they came: a character that cannot be kept is a fault of its line. */
  @MessagePattern(AppendCodes.name)
  async append(@Payload() request: RequestOf<typeof AppendCodes>): Promise<ReplyOf<typeof AppendCodes>> {
    const { lines, ...rest } = request;
    await this.imports.append({ ...toStorable(rest), lines });
    return {};
  }

  @MessagePattern(FinishCodeImport.name)
  @UsePipes(StorablePipe)
  finish(@Payload() request: RequestOf<typeof FinishCodeImport>): Promise<Job> {
    return this.imports.finish(request);
  }
}
