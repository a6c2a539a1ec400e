import {
  channels,
  discountKinds,
  limitPeriods,
  playPeriods,
  redemptionChannels,
  repeatRules,
} from '@tearoff/contracts';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Nested, Optional, OptionalOrNull } from '../../http/validation/dto.decorators';
import { IsInstant, IsOrigin, IsText, IsWebUrl } from '../../http/validation/validators';
import { IsWeekday } from './weekdays';

const safe = Number.MAX_SAFE_INTEGER;

/** Whether it exists is for the campaign's owner to say. */
const IsCurrencyCode = () => Matches(/^[A-Z]{3}$/, { message: 'must be an ISO 4217 currency code' });

export class ContentDto {
  @Optional() @IsText(200) title?: string;
  @Optional() @IsText(4_000) description?: string;
  @Optional() @IsText(8_000) terms?: string;
  @Optional()
  @IsText(2_000)
  @IsWebUrl()
  imageUrl?: string;
  @Optional()
  @IsText(2_000)
  @IsWebUrl()
  logoUrl?: string;
  @Optional() @Matches(/^#[0-9a-fA-F]{6}$/, { message: 'must be a colour such as #1a7f5a' }) color?: string;
}

export class DiscountDto {
  @IsIn(discountKinds) kind: string;
  @Optional() @IsNumber() @Min(0) @Max(safe) value?: number;
  @Optional() @IsCurrencyCode() currency?: string;
  @Optional() @IsText(200) product?: string;
}

export class ValidityDto {
  @OptionalOrNull() @IsInstant() startsAt?: string | null;
  @OptionalOrNull() @IsInstant() endsAt?: string | null;
  @OptionalOrNull() @IsInt() @Min(0) @Max(3_660) daysAfterIssue?: number | null;
}

export class CodesDto {
  @Optional() @IsIn(['generated', 'imported']) source?: string;
  @Optional() @IsInt() @Min(6) @Max(40) length?: number;
  @Optional()
  @Matches(/^[A-Z0-9]{0,20}$/, { message: 'must be at most 20 capital letters and digits' })
  prefix?: string;
  @Optional()
  @Matches(/^[A-Z0-9]{8,36}$/, { message: 'must be 8 to 36 capital letters and digits' })
  charset?: string;
  @Optional() @Matches(/^\d{6,12}$/, { message: 'must be 6 to 12 digits' }) funderId?: string;
  @Optional() @Matches(/^\d{6}$/, { message: 'must be six digits' }) offerCode?: string;
  @OptionalOrNull() @IsInt() @Min(0) lowStock?: number | null;
  @OptionalOrNull() @IsInt() @Min(1) @Max(10_000_000) topUp?: number | null;
}

export class PerRecipientDto {
  @IsInt() @Min(1) @Max(10_000) count: number;
  @IsIn(limitPeriods) per: string;
}

export class LimitsDto {
  @OptionalOrNull() @IsInt() @Min(0) @Max(2_000_000_000) total?: number | null;
  @OptionalOrNull() @Nested(() => PerRecipientDto) perRecipient?: PerRecipientDto | null;
  @Optional() @IsIn(repeatRules) onRepeat?: string;
  @Optional() @IsBoolean() ignorePlus?: boolean;
  @Optional() @IsBoolean() ignoreDots?: boolean;
}

const IsTimeOfDay = () => Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'must be a time such as 09:00' });

export class HoursDto {
  @IsTimeOfDay() from: string;
  @Matches(/^([01]\d|2[0-4]):[0-5]\d$/, { message: 'must be a time such as 18:30' }) to: string;
}

export class RedemptionRulesDto {
  @Optional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  storeIds?: string[];
  @Optional() @IsArray() @ArrayMaxSize(2) @IsIn(redemptionChannels, { each: true }) channels?: string[];
  @OptionalOrNull() @IsInt() @Min(0) @Max(safe) minBasket?: number | null;
  @Optional() @IsCurrencyCode() currency?: string;
  @Optional() @IsArray() @ArrayMaxSize(7) @IsWeekday({ each: true }) weekdays?: (number | string)[];
  @OptionalOrNull() @Nested(() => HoursDto) hours?: HoursDto | null;
}

export class SmsTextDto {
  @IsText(1_600, 1) body: string;
}

export class EmailTextDto {
  @Optional() @IsText(500) subject?: string;
  @Optional() @IsText(100_000) text?: string;
  @Optional() @IsText(200_000) html?: string;
}

export class QuietHoursDto {
  @IsTimeOfDay() from: string;
  @IsTimeOfDay() to: string;
}

export class MessagesDto {
  @Optional() @Nested(() => SmsTextDto) sms?: SmsTextDto;
  @Optional() @Nested(() => EmailTextDto) email?: EmailTextDto;
  @OptionalOrNull() @Nested(() => QuietHoursDto) quietHours?: QuietHoursDto | null;
}

export class OfferDto {
  @Optional() @IsText(48, 1) id?: string;
  @Optional() @Nested(() => ContentDto) content?: ContentDto;
  @Optional() @Nested(() => DiscountDto) discount?: DiscountDto;
  @Optional() @IsNumber() @Min(0) @Max(1_000_000) weight?: number;
  @OptionalOrNull() @IsInt() @Min(0) total?: number | null;
}

const IsCountry = (options = {}) =>
  Matches(/^[A-Z]{2}$/, { ...options, message: 'must be an ISO 3166-1 country code such as DE' });

export class ClaimDto {
  @Optional() @IsBoolean() public?: boolean;
  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(300, { each: true })
  @IsOrigin({ each: true })
  origins?: string[];
  @Optional() @IsIn(channels) channel?: string;
  @Optional() @IsCountry() country?: string;
  @Optional() @IsArray() @ArrayMaxSize(250) @IsCountry({ each: true }) countries?: string[];
  @Optional() @IsBoolean() exactCountry?: boolean;
  @Optional() @IsText(2_000) consent?: string;
  @OptionalOrNull() @IsInt() @Min(1) @Max(1_000_000) perHour?: number | null;
  @Optional() @IsBoolean() passcode?: boolean;
  @Optional() @IsBoolean() proofOfWork?: boolean;
  @Optional() @IsBoolean() captcha?: boolean;
}

export class GameDto {
  @IsNumber() @Min(0) @Max(1) winChance: number;
  @IsIn(playPeriods) per: string;
}
