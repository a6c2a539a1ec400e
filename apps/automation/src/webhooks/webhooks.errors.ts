import { conflict, invalid, notFound, type DomainError } from '@tearoff/contracts';

export const webhookNotFound = (): DomainError => notFound('webhook.not_found', 'There is no such webhook.');
export const attemptNotFound = (): DomainError =>
  notFound('webhook_attempt.not_found', 'This webhook has no such attempt.');
export const webhookPaused = (): DomainError =>
  conflict('webhook.paused', 'The webhook is paused: set its status to active first.');
export const tooManyWebhooks = (most: number): DomainError =>
  conflict('webhook.too_many', `An account has at most ${most} webhooks.`);
export const tooManySecrets = (most: number, until: string): DomainError =>
  conflict(
    'webhook.too_many_secrets',
    `At most ${most} secrets of a webhook sign at a time: rotate again when the oldest of them is over.`,
    { until },
  );
export const invalidUrl = (fault: string): DomainError =>
  invalid('webhook.invalid_url', `The URL ${fault}.`, { errors: [{ path: '/url', message: fault }] });
