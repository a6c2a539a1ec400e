import { Controller, UsePipes } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  EnrolMember,
  GetCardPage,
  GetEnrolment,
  type DomainError,
  type Enrolment,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { StorablePipe } from '@tearoff/service-kit';
import { CardPages } from './card-pages';
import { EnrolmentsService } from './enrolments.service';

@Controller()
@UsePipes(StorablePipe)
export class EnrolmentsController {
  constructor(
    private readonly enrolments: EnrolmentsService,
    private readonly cardPages: CardPages,
  ) {}

  @MessagePattern(EnrolMember.name)
  enrol(
    @Payload() request: RequestOf<typeof EnrolMember>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<ReplyOf<typeof EnrolMember>> {
    return this.enrolments.enrol(request, contexts[0]);
  }

  @MessagePattern(GetEnrolment.name)
  get(@Payload() requests: RequestOf<typeof GetEnrolment>[]): Promise<(Enrolment | DomainError)[]> {
    return this.enrolments.get(requests);
  }

  @MessagePattern(GetCardPage.name)
  pages(
    @Payload() requests: RequestOf<typeof GetCardPage>[],
  ): Promise<(ReplyOf<typeof GetCardPage> | DomainError)[]> {
    return this.cardPages.pages(requests);
  }
}
