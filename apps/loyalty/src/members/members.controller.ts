import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateMember,
  GetMember,
  SearchMembers,
  UpdateMember,
  type DomainError,
  type Member,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { StorablePipe } from '@tearoff/service-kit';
import { MemberSearch } from './member-search';
import { MembersService } from './members.service';

@Controller()
@UsePipes(StorablePipe)
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly searching: MemberSearch,
  ) {}

  @MessagePattern(CreateMember.name)
  create(@Payload() { accountId, member }: RequestOf<typeof CreateMember>): Promise<Member> {
    return this.members.create(accountId, member);
  }

  @MessagePattern(UpdateMember.name)
  update(@Payload() { accountId, memberId, patch }: RequestOf<typeof UpdateMember>): Promise<Member> {
    return this.members.update(accountId, memberId, patch);
  }

  @MessagePattern(GetMember.name)
  get(@Payload() requests: RequestOf<typeof GetMember>[]): Promise<(Member | DomainError)[]> {
    return this.members.get(requests);
  }

  @MessagePattern(SearchMembers.name)
  search(@Payload() request: RequestOf<typeof SearchMembers>): Promise<ReplyOf<typeof SearchMembers>> {
    return this.searching.search(request);
  }
}
