import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { RunDue, type ItemOf } from '@tearoff/contracts';
import { Engine } from './engine';

const together = 200;

@Controller()
export class RunsConsumer {
  constructor(private readonly engine: Engine) {}

  @EventPattern<string>(RunDue.type)
  async onDue(@Payload() items: ItemOf<typeof RunDue>[]): Promise<void> {
    const ids = [...new Set(items.map(({ runId }) => runId))];
    for (let from = 0; from < ids.length; from += together)
      await this.engine.advance(ids.slice(from, from + together));
  }
}
