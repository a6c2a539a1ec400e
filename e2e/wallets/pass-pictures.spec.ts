import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { PictureServer } from './picture.server';
import { digests, verifySignature, type Pkpass } from './pkpass';
import { eventually, WalletWorld } from './wallet.world';

const red = [220, 30, 40];
const green = [20, 160, 60];
const blue = [30, 60, 200];
/** Of the cards and coupons here, `#204060`. */
const ground = [32, 64, 96];

const plain = ([r, g, b]: number[], width = 900, height = 900) =>
  sharp({ create: { width, height, channels: 3, background: { r, g, b } } });

/** The pixel in the middle of a part of a pass's picture; `x`, `y`: 0 to 1. */
function colorAt({ files }: Pkpass, name: string, x: number, y: number): number[] {
  const { data, width, height } = PNG.sync.read(files[name]);
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
  return [...data.subarray(at, at + 3)];
}

const isNear = (color: number[], expected: number[]): boolean =>
  color.every((part, index) => Math.abs(part - expected[index]) <= 12);

function sizeOf({ files }: Pkpass, name: string): number[] {
  return [files[name].readUInt32BE(16), files[name].readUInt32BE(20)];
}

let world: WalletWorld;
let server: PictureServer;
let database: Client;

beforeAll(async () => {
  server = new PictureServer();
  await server.start();
  world = await WalletWorld.start({
    PICTURE_ALLOW_PRIVATE: 'true',
    PICTURE_SWEEP_MS: '50',
    PICTURE_REFRESH_SECONDS: '1',
  });
  database = new Client({ connectionString: world.system.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await world?.stop();
  await server?.stop();
});

/** The URL's picture has been looked at; answers why it is not used, null where it is. */
async function looked(url: string): Promise<string | null> {
  let fault: string | null = null;
  const look = async (): Promise<void> => {
    const { rows } = await database.query(
      `select fault from loyalty.picture where url = $1 and looked_at is not null`,
      [url],
    );
    expect(rows).not.toEqual([]);
    fault = rows[0].fault;
  };
  await eventually(look, { timeoutMs: 20_000 });
  return fault;
}

const card = (design: object, rest: object = {}) =>
  world.card({ design: { title: 'Friends', color: '#204060', ...design }, ...rest });

describe('a pass', () => {
  it('of a card carries the card’s logo and picture at every size, is signed, and speaks six languages', async () => {
    const logoUrl = server.put('/logo.png', await plain(red, 640, 320).png().toBuffer(), 'image/png');
    const imageUrl = server.put('/cup.jpg', await plain(green).jpeg().toBuffer(), 'image/jpeg');
    const cardId = await card({ logoUrl, imageUrl });
    expect([await looked(logoUrl), await looked(imageUrl)]).toEqual([null, null]);
    const pass = await world.passOf(await world.member(cardId));
    for (const scale of [1, 2, 3]) {
      const suffix = scale === 1 ? '' : `@${scale}x`;
      expect(sizeOf(pass, `logo${suffix}.png`)).toEqual([100 * scale, 50 * scale]);
      expect(sizeOf(pass, `icon${suffix}.png`)).toEqual([29 * scale, 29 * scale]);
      expect(sizeOf(pass, `strip${suffix}.png`)).toEqual([375 * scale, 123 * scale]);
      for (const [name, color] of [
        ['logo', red],
        ['icon', red],
        ['strip', green],
      ] as const)
        expect(isNear(colorAt(pass, `${name}${suffix}.png`, 0.5, 0.5), color)).toBe(true);
      expect(isNear(colorAt(pass, `icon${suffix}.png`, 0.5, 0.1), ground)).toBe(true);
    }
    const { rows } = await database.query('select root from loyalty.development_certificate');
    expect(verifySignature(pass, rows[0].root)).toBe(pass.files['manifest.json'].toString());
    expect(JSON.parse(pass.files['manifest.json'].toString())).toEqual(digests(pass));
    const keys = ['en', 'de', 'es', 'fr', 'nl', 'uk'].map((language) =>
      [...pass.files[`${language}.lproj/pass.strings`].toString().matchAll(/^"([^"]+)" = "[^"]+";$/gm)].map(
        ([, key]) => key,
      ),
    );
    expect(keys[0].length).toBeGreaterThan(25);
    for (const each of keys) expect(each).toEqual(keys[0]);
  });

  it('of a coupon carries the campaign’s logo and picture, which is higher than a card’s, or drawn ones', async () => {
    const imageUrl = server.put('/cake.webp', await plain(blue).webp().toBuffer(), 'image/webp');
    const logoUrl = server.put('/baker.gif', await plain(red, 100, 400).gif().toBuffer(), 'image/gif');
    const content = { title: 'Cake', color: '#204060' };
    const [issued, without] = [
      await world.coupon({ content: { ...content, imageUrl, logoUrl } }),
      await world.coupon({ content: { ...content, imageUrl } }),
    ];
    expect([await looked(imageUrl), await looked(logoUrl)]).toEqual([null, null]);
    const pass = await world.passOf(issued);
    expect(sizeOf(pass, 'strip@2x.png')).toEqual([750, 288]);
    expect(isNear(colorAt(pass, 'strip@3x.png', 0.1, 0.9), blue)).toBe(true);
    expect(sizeOf(pass, 'logo@3x.png')).toEqual([39, 150]);
    expect(isNear(colorAt(pass, 'icon@3x.png', 0.5, 0.5), red)).toBe(true);
    const drawn = await world.passOf(without);
    expect(isNear(colorAt(drawn, 'strip@3x.png', 0.1, 0.9), blue)).toBe(true);
    expect(sizeOf(drawn, 'logo@3x.png')).toEqual([150, 150]);
    expect(isNear(colorAt(drawn, 'icon@3x.png', 0.05, 0.05), ground)).toBe(true);
  });

  it('of a stamp card has its stamps over the picture', async () => {
    const imageUrl = server.put('/beans.png', await plain(green).png().toBuffer(), 'image/png');
    const cardId = await card({ imageUrl }, { kind: 'stamps' });
    expect(await looked(imageUrl)).toBeNull();
    const holder = await world.member(cardId);
    await world.award(holder, 1);
    const pass = await world.passOf(holder);
    // Ten stamps in two rows: the first is given, the second is not, and between them is the picture.
    expect(isNear(colorAt(pass, 'strip@3x.png', 0.1, 0.25), [255, 255, 255])).toBe(true);
    const second = colorAt(pass, 'strip@3x.png', 0.3, 0.25);
    expect([isNear(second, [255, 255, 255]), isNear(second, green)]).toEqual([false, false]);
    expect(isNear(colorAt(pass, 'strip@3x.png', 0.2, 0.5), green)).toBe(true);
  });

  it('is pushed to the phone that has it when the picture has changed, and not while it is as it was', async () => {
    const imageUrl = server.put('/season.png', await plain(red).png().toBuffer(), 'image/png');
    const issued = await world.coupon({ content: { title: 'Season', imageUrl } });
    expect(await looked(imageUrl)).toBeNull();
    const phone = await world.phoneWith(issued);
    const unchanged = () =>
      server.asked.filter(({ path, status }) => path === '/season.png' && status === 304);
    await eventually(() => unchanged().length >= 2);
    const before = world.pushesTo(phone);
    expect(await phone.fetchPass()).toBe(304);
    server.put('/season.png', await plain(blue).png().toBuffer(), 'image/png');
    await eventually(() => world.pushesTo(phone) > before);
    expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
    expect(await phone.fetchPass()).toBe(200);
    expect(isNear(colorAt(await world.passOf(issued), 'strip@2x.png', 0.5, 0.5), blue)).toBe(true);
  });

  it('is made with drawn pictures while the marketer’s server is away, gets theirs once it is back, and keeps them', async () => {
    const imageUrl = server.url('/later.png');
    const cardId = await card({ imageUrl });
    expect(await looked(imageUrl)).toBe('the answer was 404');
    const holder = await world.member(cardId);
    const phone = await world.phoneWith(holder);
    expect(isNear(colorAt(await world.passOf(holder), 'strip@3x.png', 0.5, 0), ground)).toBe(true);
    server.put('/later.png', await plain(red).png().toBuffer(), 'image/png');
    await eventually(() => world.pushesTo(phone) > 0);
    const hasIt = async () => isNear(colorAt(await world.passOf(holder), 'strip@3x.png', 0.5, 0.5), red);
    expect(await hasIt()).toBe(true);
    server.remove('/later.png');
    await eventually(async () => (await looked(imageUrl)) === 'the answer was 404');
    expect(await hasIt()).toBe(true);
  });

  it('of a card whose pictures no one has told of orders them itself', async () => {
    const imageUrl = server.put('/old.png', await plain(red).png().toBuffer(), 'image/png');
    const holder = await world.member(await card({ imageUrl }));
    await looked(imageUrl);
    await database.query(`delete from loyalty.picture_use`);
    await database.query(`delete from loyalty.picture`);
    await database.query(`delete from loyalty.picture_file`);
    const phone = await world.phoneWith(holder);
    await eventually(() => world.pushesTo(phone) > 0);
    expect(isNear(colorAt(await world.passOf(holder), 'strip.png', 0.5, 0.5), red)).toBe(true);
  });

  it('has drawn pictures in place of what is none, and the log says which and why', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    const bomb = await plain(red, 6_000, 6_000).png().toBuffer();
    const refused: [string, string][] = [
      [server.put('/page.png', '<!doctype html>', 'text/html'), 'it is said to be text/html'],
      [server.put('/x.svg', svg, 'image/svg+xml'), 'it is said to be image/svg+xml'],
      [server.put('/x.png', svg, 'image/png'), 'it is no PNG, JPEG, WebP or GIF'],
      [server.put('/bomb.png', bomb, 'image/png'), 'it has more than 25 megapixels'],
      [server.put('/large.png', Buffer.alloc(5_000_001), 'image/png'), 'it is larger than 5 MB'],
      [
        server.on('/endless.png', (_, response) => {
          const flood = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
            response.once('drain', flood);
          };
          flood();
        }),
        'it is larger than 5 MB',
      ],
    ];
    expect(bomb.length).toBeLessThan(500_000);
    for (const [url, why] of refused) {
      const holder = await world.member(await card({ logoUrl: url }));
      expect([url, await looked(url)]).toEqual([url, why]);
      const pass = await world.passOf(holder);
      expect(sizeOf(pass, 'logo@2x.png')).toEqual([100, 100]);
      const lines = warn.mock.calls.map(([line]) => String(line));
      const line = lines.find((each) => each.startsWith(`the picture ${url} of acc_`));
      expect(line).toMatch(/^the picture \S+ of acc_\w+ is not used, a drawn one stands in: /);
      expect(line).toContain(why);
    }
  });
});
