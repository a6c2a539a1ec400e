import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ExportFromLoyalty, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { StorablePipe } from '@tearoff/service-kit';
import { ExportService } from './export.service';

@Controller()
@UsePipes(StorablePipe)
export class ExportController {
  constructor(private readonly exporting: ExportService) {}

  @MessagePattern(ExportFromLoyalty.name)
  export(
    @Payload() request: RequestOf<typeof ExportFromLoyalty>,
  ): Promise<ReplyOf<typeof ExportFromLoyalty>> {
    return this.exporting.export(request);
  }
}
