import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateWorkflow,
  DeleteWorkflow,
  GetWorkflow,
  ListWorkflows,
  UpdateWorkflow,
  type ReplyOf,
  type RequestOf,
  type Workflow,
} from '@tearoff/contracts';
import { WorkflowsService } from './workflows.service';

@Controller()
export class WorkflowsController {
  constructor(private readonly workflows: WorkflowsService) {}

  @MessagePattern(CreateWorkflow.name)
  create(@Payload() { accountId, workflow }: RequestOf<typeof CreateWorkflow>): Promise<Workflow> {
    return this.workflows.create(accountId, workflow);
  }

  @MessagePattern(UpdateWorkflow.name)
  update(@Payload() { accountId, workflowId, patch }: RequestOf<typeof UpdateWorkflow>): Promise<Workflow> {
    return this.workflows.update(accountId, workflowId, patch);
  }

  @MessagePattern(DeleteWorkflow.name)
  async remove(@Payload() { accountId, workflowId }: RequestOf<typeof DeleteWorkflow>): Promise<object> {
    await this.workflows.remove(accountId, workflowId);
    return {};
  }

  @MessagePattern(GetWorkflow.name)
  get(@Payload() { accountId, workflowId }: RequestOf<typeof GetWorkflow>): Promise<Workflow> {
    return this.workflows.get(accountId, workflowId);
  }

  @MessagePattern(ListWorkflows.name)
  list(@Payload() request: RequestOf<typeof ListWorkflows>): Promise<ReplyOf<typeof ListWorkflows>> {
    return this.workflows.list(request);
  }
}
