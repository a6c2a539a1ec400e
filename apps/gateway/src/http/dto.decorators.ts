import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsObject, ValidateIf, ValidateNested } from 'class-validator';

/** May be left out. Unlike class-validator's IsOptional it does not let null pass as "left out". */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** May be left out or null. */
export const OptionalOrNull = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined && value !== null);

/** An object of that class; arrays, which ValidateNested alone would let through, are not one. */
export const Nested = (type: () => new () => object): PropertyDecorator =>
  applyDecorators(IsObject({ message: 'must be an object' }), ValidateNested(), Type(type));
