import type { Campaign, Card } from '@tearoff/contracts';
import { pictureRequestsOfCampaign, pictureRequestsOfCard } from './picture.requests';

const accountId = 'acc_a';
const cup = 'https://img.example/cup.png';
const cake = 'https://img.example/cake.png';

const card = (design: object) => ({ id: 'crd_a', accountId, design }) as Card;
const campaign = (rest: object) =>
  ({ id: 'cam_a', accountId, status: 'active', content: {}, offers: [], ...rest }) as unknown as Campaign;

const told = (wishes: readonly { shape: string; url: string }[]) =>
  wishes.map(({ shape, url }) => [shape, url]);

it('a card shows its logo and its picture', () => {
  expect(told(pictureRequestsOfCard(card({ logoUrl: cup, imageUrl: cake })))).toEqual([
    ['logo', cup],
    ['card_strip', cake],
  ]);
  expect(pictureRequestsOfCard(card({}))).toEqual([]);
});

it('a campaign shows its logo, its picture and those of its offers, each once', () => {
  const offers = [{ content: { imageUrl: cake, logoUrl: cake } }, { content: { imageUrl: cup } }, {}];
  const wishes = pictureRequestsOfCampaign(campaign({ content: { imageUrl: cup }, offers }));
  expect(told(wishes)).toEqual([
    ['logo', cake],
    ['coupon_strip', cup],
    ['coupon_strip', cake],
  ]);
});

it('a draft shows none', () => {
  expect(pictureRequestsOfCampaign(campaign({ status: 'draft', content: { imageUrl: cup } }))).toEqual([]);
});

it('what is shown in the same shape is the same picture within an account, and another one elsewhere', () => {
  const idOf = (id: string, account: string) =>
    pictureRequestsOfCard({ ...card({ imageUrl: cup }), id, accountId: account })[0].id;
  expect(idOf('crd_b', accountId)).toBe(idOf('crd_a', accountId));
  expect(idOf('crd_a', 'acc_b')).not.toBe(idOf('crd_a', accountId));
  expect(pictureRequestsOfCampaign(campaign({ content: { imageUrl: cup } }))[0].id).not.toBe(
    idOf('crd_a', accountId),
  );
});
