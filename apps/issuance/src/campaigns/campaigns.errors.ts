import {
  conflict,
  invalid,
  notFound,
  symbologyFault,
  type DomainError,
  type FieldError,
  type Symbology,
} from '@tearoff/contracts';

export const campaignNotFound = (): DomainError =>
  notFound('campaign.not_found', 'There is no such campaign.');

export const campaignInvalid = (errors: FieldError[]): DomainError =>
  invalid('campaign.invalid', 'The campaign is not valid.', { errors });

export const campaignInUse = (): DomainError =>
  conflict('campaign.in_use', 'Codes and type cannot change once coupons or a stack exist.');

export const codesDoNotFit = (code: string, barcode: Symbology): DomainError =>
  conflict('campaign.codes_do_not_fit', `The campaign has codes that ${barcode} cannot carry.`, {
    errors: [{ path: '/barcode', message: `cannot carry ${code}: ${symbologyFault(code, barcode)}` }],
  });

export const totalBelowIssued = (issued: number): DomainError =>
  conflict(
    'campaign.total_below_issued',
    `The total cannot be less than the ${issued} coupons already issued.`,
    {
      issued,
    },
  );
