import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, ValidateIf, ValidateNested } from 'class-validator';
import { rememberNested } from './dto.shape';

/** May be left out. Unlike class-validator's IsOptional it does not let null pass as "left out". */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** May be left out or null. */
export const OptionalOrNull = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined && value !== null);

/** An object of that class; arrays, which ValidateNested alone would let through, are not one. */
export const Nested = (type: () => new () => object): PropertyDecorator =>
  applyDecorators(
    IsObject({ message: 'must be an object' }),
    ValidateNested(),
    Type(type),
    rememberNested({ type, list: false }),
  );

/** A list of at most `most` objects of that class. */
export const NestedList = (type: () => new () => object, most: number): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(most),
    ValidateNested({ each: true }),
    Type(type),
    rememberNested({ type, list: true }),
  );
