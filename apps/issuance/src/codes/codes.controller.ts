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
import { StorablePipe } from '../storable';
import { CodeImportService } from './code-import.service';
import { StackService } from './stack.service';

@Controller()
@UsePipes(StorablePipe)
export class CodesController {
  constructor(
    private readonly stack: StackService,
    private readonly imports: CodeImportService,
  ) {}

  @MessagePattern(GenerateCodes.name)
  generate(@Payload() request: RequestOf<typeof GenerateCodes>): Promise<Job> {
    return this.stack.generate(request);
  }

  @MessagePattern(ListCodes.name)
  list(@Payload() request: RequestOf<typeof ListCodes>): Promise<ReplyOf<typeof ListCodes>> {
    return this.stack.list(request);
  }

  @MessagePattern(BeginCodeImport.name)
  begin(@Payload() request: RequestOf<typeof BeginCodeImport>): Promise<Job> {
    return this.imports.begin(request);
  }

  @MessagePattern(AppendCodes.name)
  async append(@Payload() request: RequestOf<typeof AppendCodes>): Promise<ReplyOf<typeof AppendCodes>> {
    await this.imports.append(request);
    return {};
  }

  @MessagePattern(FinishCodeImport.name)
  finish(@Payload() request: RequestOf<typeof FinishCodeImport>): Promise<Job> {
    return this.imports.finish(request);
  }
}
