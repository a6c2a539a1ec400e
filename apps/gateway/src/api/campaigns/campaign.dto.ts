import { barcodeSymbologies, campaignStatuses, campaignTypes } from '@tearoff/contracts';
import { IsIn } from 'class-validator';
import { Nested, NestedList, Optional, OptionalOrNull } from '../../http/validation/dto.decorators';
import { PagingQuery } from '../../http/validation/paging.dto';
import { IsText } from '../../http/validation/validators';
import {
  ClaimDto,
  CodesDto,
  ContentDto,
  DiscountDto,
  GameDto,
  LimitsDto,
  MessagesDto,
  OfferDto,
  RedemptionRulesDto,
  ValidityDto,
} from './campaign-parts.dto';

/** A campaign as a caller writes it; the same class checks a merge patch, where anything may be absent or null. */
export class CampaignDto {
  @IsText(200, 1) name: string;
  @Optional() @IsIn(campaignStatuses) status?: string;
  @Optional() @IsIn(campaignTypes) type?: string;
  @Optional() @Nested(() => ContentDto) content?: ContentDto;
  @OptionalOrNull() @Nested(() => DiscountDto) discount?: DiscountDto | null;
  @Optional() @IsText(64, 1) timezone?: string;
  @Optional() @Nested(() => ValidityDto) validity?: ValidityDto;
  @Optional() @Nested(() => CodesDto) codes?: CodesDto;
  @Optional() @IsIn(barcodeSymbologies) barcode?: string;
  @Optional() @Nested(() => LimitsDto) limits?: LimitsDto;
  @Optional() @Nested(() => RedemptionRulesDto) redemption?: RedemptionRulesDto;
  @Optional() @Nested(() => MessagesDto) messages?: MessagesDto;
  @Optional() @NestedList(() => OfferDto, 100) offers?: OfferDto[];
  @Optional() @Nested(() => ClaimDto) claim?: ClaimDto;
  @OptionalOrNull() @Nested(() => GameDto) game?: GameDto | null;
}

export class CampaignsQuery extends PagingQuery {
  @Optional() @IsIn(campaignStatuses) status?: (typeof campaignStatuses)[number];
}
