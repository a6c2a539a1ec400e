import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { GetProviders, type Channel, type ReplyOf } from '@tearoff/contracts';
import { Providers } from './providers';

@Controller()
export class ProvidersController {
  constructor(private readonly providers: Providers) {}

  @MessagePattern(GetProviders.name)
  get(): ReplyOf<typeof GetProviders> {
    return { sms: this.nameOf('sms'), email: this.nameOf('email') };
  }

  private nameOf(channel: Channel): string | null {
    const { name } = this.providers.of(channel);
    return name === 'none' ? null : name;
  }
}
