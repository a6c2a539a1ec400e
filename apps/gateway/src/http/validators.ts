import { fits, Instant } from '@tearoff/contracts';
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

/** A text of `min` to `max` characters. */
export const IsText = (max: number, min = 0): PropertyDecorator =>
  applyDecorators(IsString(), MaxLength(max), ...(min > 0 ? [MinLength(min)] : []));
