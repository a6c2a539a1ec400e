import { fits, Instant, isCurrency, webUrlForm, parseWebUrl } from '@tearoff/contracts';
import { IsString, MaxLength, MinLength, ValidateBy, type ValidationOptions } from 'class-validator';
import { applyDecorators } from '@nestjs/common';

const instant = Instant();

/** A UTC instant with its zone, as every contract takes it. */
export const IsInstant = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isInstant',
      validator: {
        validate: (value) => fits(instant, value),
        defaultMessage: () => 'must be an instant such as 2027-01-31T23:00:00Z',
      },
    },
    options,
  );

/** An address that a picture can be fetched from and a page may name. */
export const IsWebUrl = (): PropertyDecorator =>
  ValidateBy({
    name: 'isWebUrl',
    validator: {
      validate: (value) => typeof value === 'string' && parseWebUrl(value) !== null,
      defaultMessage: () => `must be ${webUrlForm}`,
    },
  });

/** What a browser sends as `Origin`: scheme, host and port of http or https, and nothing behind. */
export const IsOrigin = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isOrigin',
      validator: {
        validate: (value) => typeof value === 'string' && /^https?:/.test(value) && originOf(value) === value,
        defaultMessage: () => 'must hold origins such as https://shop.example',
      },
    },
    options,
  );

const originOf = (text: string): string | undefined =>
  URL.canParse(text) ? new URL(text).origin : undefined;

/** An ISO 4217 code that exists, in capitals. */
export const IsCurrency = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCurrency',
    validator: {
      validate: (value) => typeof value === 'string' && isCurrency(value),
      defaultMessage: () => 'must be an ISO 4217 currency code such as EUR',
    },
  });

/** A text of `min` to `max` characters. */
export const IsText = (max: number, min = 0): PropertyDecorator =>
  applyDecorators(IsString(), MaxLength(max), ...(min > 0 ? [MinLength(min)] : []));
