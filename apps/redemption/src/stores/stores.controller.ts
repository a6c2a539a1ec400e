import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CreateStore, ListStores, type ReplyOf, type RequestOf, type Store } from '@tearoff/contracts';
import { StoresService } from './stores.service';

@Controller()
export class StoresController {
  constructor(private readonly stores: StoresService) {}

  @MessagePattern(CreateStore.name)
  create(@Payload() request: RequestOf<typeof CreateStore>): Promise<Store> {
    return this.stores.create(request);
  }

  @MessagePattern(ListStores.name)
  list(@Payload() request: RequestOf<typeof ListStores>): Promise<ReplyOf<typeof ListStores>> {
    return this.stores.list(request);
  }
}
