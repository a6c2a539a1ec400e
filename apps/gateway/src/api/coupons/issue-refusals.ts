import { DomainError, type ErrorKind, type IssueOutcome, type IssueRefusal } from '@tearoff/contracts';

const kindOf: Record<IssueRefusal, ErrorKind> = {
  'campaign.not_found': 'not_found',
  'campaign.not_active': 'conflict',
  'campaign.ended': 'conflict',
  'campaign.exhausted': 'conflict',
  'recipient.limit_reached': 'conflict',
  'recipient.suppressed': 'conflict',
  'recipient.invalid_phone': 'invalid',
  'recipient.invalid_email': 'invalid',
  'recipient.missing': 'invalid',
  'recipient.no_address': 'invalid',
  'offer.not_found': 'invalid',
  'offer.required': 'invalid',
  'offer.exhausted': 'conflict',
  'offer.not_allowed': 'invalid',
  'campaign.is_game': 'conflict',
};

export function refusalOf({ reason, message }: Extract<IssueOutcome, { outcome: 'refused' }>): DomainError {
  return new DomainError(reason, kindOf[reason], message);
}
