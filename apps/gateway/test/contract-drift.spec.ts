import 'reflect-metadata';
import type { TObject, TSchema } from '@sinclair/typebox';
import {
  AddSuppression,
  CampaignInput,
  ReservationRequest,
  SendCoupon,
  StoreInput,
} from '@tearoff/contracts';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { CampaignDto } from '../src/api/campaigns/campaign.dto';
import { SendDto } from '../src/api/coupons/coupon.dto';
import { ReservationDto } from '../src/api/reservations/reservation.dto';
import { StoreDto } from '../src/api/stores/store.dto';
import { SuppressionDto } from '../src/api/suppressions/suppression.dto';

type Dto = new () => object;

/** The members of a DTO class and of what is nested in it, as paths. */
function membersOf(type: Dto, parent = ''): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].flatMap((name) => {
    const nested = rules.some((rule) => rule.propertyName === name && rule.type === 'nestedValidation');
    const path = `${parent}/${name}`;
    if (!nested) return [path];
    return [path, ...membersOf(nestedType(type, name), path)];
  });
}

/** What class-transformer makes of a member is the class that it was declared with. */
function nestedType(type: Dto, name: string): Dto {
  const made = plainToInstance(type, { [name]: {} }) as Record<string, object>;
  return made[name].constructor as Dto;
}

function pathsOf(schema: TSchema, parent = ''): string[] {
  const object = [
    schema,
    ...((schema.anyOf as TSchema[] | undefined) ?? []),
    schema.items as TSchema | undefined,
  ].find((each): each is TObject => each?.properties !== undefined);
  if (!object) return [];
  return Object.entries(object.properties).flatMap(([name, member]) => [
    `${parent}/${name}`,
    ...pathsOf(member, `${parent}/${name}`),
  ]);
}

/** The body of a command whose other members come from the request's credentials and address. */
const bodyOf = (schema: TObject, ...others: string[]): TObject =>
  ({
    properties: Object.fromEntries(
      Object.entries(schema.properties).filter(([name]) => !others.includes(name)),
    ),
  }) as unknown as TObject;

it.each<[string, Dto, TObject]>([
  ['a campaign', CampaignDto, CampaignInput],
  ['a reservation', ReservationDto, ReservationRequest],
  ['a store', StoreDto, StoreInput],
  ['a suppression', SuppressionDto, bodyOf(AddSuppression.request, 'accountId')],
  ['a sending', SendDto, bodyOf(SendCoupon.request, 'accountId', 'couponId')],
])('the DTO of %s has the members of its contract', (_, dto, schema) => {
  expect(membersOf(dto).sort()).toEqual(pathsOf(schema).sort());
});
