import { Matches } from 'class-validator';
import { Optional } from '../../http/validation/dto.decorators';
import { IsText } from '../../http/validation/validators';

export class StoreDto {
  @Optional()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, {
    message: 'must be at most 100 letters, digits and . _ : -, a letter or digit first',
  })
  id?: string;
  @IsText(200, 1) name: string;
  @Optional() @IsText(500) address?: string;
  @Optional() @IsText(64, 1) timezone?: string;
}
