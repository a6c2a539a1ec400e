import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateTemplate,
  GetTemplate,
  ListTemplates,
  PreviewTemplate,
  UpdateTemplate,
  type DomainError,
  type ReplyOf,
  type RequestOf,
  type Template,
} from '@tearoff/contracts';
import { PreviewsService } from './previews.service';
import { TemplatesService } from './templates.service';

@Controller()
export class TemplatesController {
  constructor(
    private readonly templates: TemplatesService,
    private readonly previews: PreviewsService,
  ) {}

  @MessagePattern(CreateTemplate.name)
  create(@Payload() { accountId, template }: RequestOf<typeof CreateTemplate>): Promise<Template> {
    return this.templates.create(accountId, template);
  }

  @MessagePattern(UpdateTemplate.name)
  update(@Payload() { accountId, templateId, patch }: RequestOf<typeof UpdateTemplate>): Promise<Template> {
    return this.templates.update(accountId, templateId, patch);
  }

  @MessagePattern(GetTemplate.name)
  get(@Payload() requests: RequestOf<typeof GetTemplate>[]): Promise<(Template | DomainError)[]> {
    return this.templates.get(requests);
  }

  @MessagePattern(ListTemplates.name)
  list(@Payload() request: RequestOf<typeof ListTemplates>): Promise<ReplyOf<typeof ListTemplates>> {
    return this.templates.list(request);
  }

  @MessagePattern(PreviewTemplate.name)
  preview(@Payload() request: RequestOf<typeof PreviewTemplate>): Promise<ReplyOf<typeof PreviewTemplate>> {
    return this.previews.preview(request);
  }
}
