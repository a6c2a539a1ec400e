import { invalid, notFound, type DomainError, type FieldError } from '@tearoff/contracts';

export const workflowNotFound = (): DomainError =>
  notFound('workflow.not_found', 'There is no such workflow.');

export const workflowInvalid = (errors: FieldError[]): DomainError =>
  invalid('workflow.invalid', 'The workflow is not valid.', { errors: errors.slice(0, 20) });
