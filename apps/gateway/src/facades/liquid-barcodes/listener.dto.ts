import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn } from 'class-validator';
import { IsText } from '../../http/validation/validators';
import { eventTypes } from './event-types';

const names = Object.keys(eventTypes);

export class ListenerDto {
  @IsText(2_000, 1) Url: string;
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(20)
  @IsIn(names, { each: true, message: `must hold some of ${names.join(', ')}` })
  EventTypes: string[];
}
