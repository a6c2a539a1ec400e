import { CardInput, CardPatch } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';

export const CardBody = strict(CardInput);
export const CardPatchBody = strict(CardPatch);
