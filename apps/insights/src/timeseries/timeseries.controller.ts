import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GetTimeseries, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { TimeseriesService } from './timeseries.service';

@Controller()
export class TimeseriesController {
  constructor(private readonly timeseries: TimeseriesService) {}

  @MessagePattern(GetTimeseries.name)
  get(@Payload() request: RequestOf<typeof GetTimeseries>): Promise<ReplyOf<typeof GetTimeseries>> {
    return this.timeseries.get(request);
  }
}
