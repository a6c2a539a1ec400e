import { Client } from 'pg';
import { admin, eventually, startSystem, type System } from '../api/system';
import { ApnsStandIn } from './apns.stand-in';
import { GoogleStandIn } from './google.stand-in';
import { Phone } from './phone';
import { digests, openPkpass, scanned, valueOf, verifySignature, type Pkpass } from './pkpass';

let system: System;
let apns: ApnsStandIn;
let google: GoogleStandIn;

beforeAll(async () => {
  [apns, google] = [new ApnsStandIn(), new GoogleStandIn()];
  const [apnsUrl, googleUrl] = await Promise.all([apns.start(), google.start()]);
  system = await startSystem('in-process', {
    APNS_URL: apnsUrl,
    APNS_CA: apns.certificate,
    APNS_KEY: apns.providerKey.privateKey,
    APNS_KEY_ID: 'ABCDE12345',
    GOOGLE_WALLET_ISSUER_ID: '3388000000012345678',
    GOOGLE_WALLET_CREDENTIALS: google.credentials,
    GOOGLE_WALLET_URL: googleUrl,
    WALLET_PUSH_INTERVAL_MS: '0',
  });
});
afterAll(async () => {
  await system?.stop();
  await Promise.all([apns.stop(), google.stop()]);
});

interface Issued {
  code: string;
  url: string;
  campaignId: string;
}

let people = 0;

async function coupon(campaign: object = {}): Promise<Issued> {
  const made = await system.post('/v1/campaigns', {
    name: 'Spring',
    content: { title: 'Ten off "everything"', terms: 'Once.', color: '#0a7d3c' },
    ...campaign,
  });
  const { body } = await system.post('/v1/coupons', {
    campaignId: made.body.id,
    recipient: { externalId: `person ${++people}`, languageCode: 'de' },
  });
  return { ...body, campaignId: made.body.id };
}

const path = (url: string): string => new URL(url).pathname;

async function passOf({ url }: Issued): Promise<Pkpass> {
  const response = await fetch(`${url}/pass.pkpass`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/vnd.apple.pkpass',
  ]);
  expect(response.headers.get('cache-control')).toContain('no-store');
  return openPkpass(Buffer.from(await response.arrayBuffer()));
}

async function phoneWith(issued: Issued): Promise<Phone> {
  const phone = new Phone((await passOf(issued)).json);
  expect((await phone.register()).status).toBe(201);
  await phone.whatChanged();
  await phone.fetchPass();
  return phone;
}

const pushesTo = (phone: Phone): number =>
  apns.pushes.filter(({ token }) => token === phone.pushToken).length;

describe('a coupon’s pass', () => {
  it('is signed by a chain that openssl accepts, whole, and shown by a phone as a code that a till redeems', async () => {
    const issued = await coupon();
    const pass = await passOf(issued);
    const database = new Client({ connectionString: system.databaseUrl });
    await database.connect();
    const { rows } = await database.query('select root from loyalty.development_certificate');
    await database.end();
    expect(rows).toHaveLength(1);
    const manifest = pass.files['manifest.json'].toString();
    expect(verifySignature(pass, rows[0].root)).toBe(manifest);
    expect(JSON.parse(manifest)).toEqual(digests(pass));
    expect(() =>
      verifySignature(
        { ...pass, files: { ...pass.files, 'manifest.json': Buffer.from('{}') } },
        rows[0].root,
      ),
    ).toThrow();
    const code = await scanned(pass.json);
    expect((await system.post('/v1/redemptions', { code })).status).toBe(201);
  });

  it('has pictures at every size, its words in six languages, and the campaign’s colour', async () => {
    const { files, json } = await passOf(await coupon());
    for (const name of ['icon', 'logo', 'strip']) {
      const widths = ['', '@2x', '@3x'].map((size) => files[`${name}${size}.png`].readUInt32BE(16));
      expect(widths).toEqual([widths[0], 2 * widths[0], 3 * widths[0]]);
    }
    for (const language of ['en', 'de', 'es', 'fr', 'nl', 'uk'])
      expect(files[`${language}.lproj/pass.strings`].toString()).toMatch(/^"Points" = "[^"]+";$/m);
    expect(files['de.lproj/pass.strings'].toString()).toContain('"Redeemed" = "Eingelöst";');
    expect(json).toMatchObject({ backgroundColor: '#0a7d3c', formatVersion: 1, voided: false });
    expect(json.coupon).toBeDefined();
  });

  it.each([
    ['code128', 'PKBarcodeFormatCode128'],
    ['pdf417', 'PKBarcodeFormatPDF417'],
    ['ean13', 'PKBarcodeFormatQR'],
    ['datamatrix', 'PKBarcodeFormatQR'],
  ])('of a campaign with %s is drawn as %s', async (barcode, format) => {
    const issued = await coupon({ barcode });
    const { json } = await passOf(issued);
    expect(json.barcodes).toMatchObject([{ format, message: issued.code }]);
  });

  it('is the same pass however often it is asked for, and for nobody who guesses', async () => {
    const issued = await coupon();
    const passes = await Promise.all([passOf(issued), passOf(issued), passOf(issued)]);
    expect(new Set(passes.map(({ json }) => json.serialNumber)).size).toBe(1);
    expect((await system.get('/c/not-a-token-of-ours/pass.pkpass')).status).toBe(404);
    expect((await system.get(`${path(issued.url)}%2F../pass.pkpass`)).status).toBe(404);
  });

  it('is offered on the coupon’s page while it is valid, and not after', async () => {
    const issued = await coupon();
    const page = async () => (await system.call('GET', path(issued.url), { as: null })).body as string;
    await eventually(async () => expect(await page()).toContain(`${path(issued.url)}/pass.pkpass`));
    expect(await page()).toContain('/google-wallet');
    await system.post('/v1/redemptions', { code: issued.code });
    expect(await page()).not.toContain('pass.pkpass');
  });
});

describe('a phone', () => {
  it('registers, is pushed when the coupon is spent, asks what changed, fetches it once, and says goodbye', async () => {
    const issued = await coupon();
    const phone = new Phone((await passOf(issued)).json);
    expect((await phone.register()).status).toBe(201);
    expect((await phone.register()).status).toBe(200);
    expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
    expect(await phone.fetchPass()).toBe(200);
    expect(await phone.fetchPass()).toBe(304);
    await system.post('/v1/redemptions', { code: issued.code });
    await eventually(() => pushesTo(phone) === 1);
    expect(apns.pushes.at(-1)).toMatchObject({ topic: phone.pass.passTypeIdentifier, body: '{}' });
    expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
    expect(await phone.fetchPass()).toBe(200);
    expect(phone.pass.voided).toBe(true);
    expect(phone.pass.barcodes).toBeUndefined();
    expect(valueOf(phone.pass, 'status')).toBe('Redeemed');
    expect(await phone.whatChanged()).toEqual([]);
    expect(await phone.fetchPass()).toBe(304);
    expect((await phone.unregister()).status).toBe(200);
    expect(await phone.whatChanged()).toEqual([]);
  });

  it('sees every change of one second: none hides behind If-Modified-Since', async () => {
    const issued = await coupon();
    const phone = await phoneWith(issued);
    const seen: unknown[] = [];
    for (const act of ['redeem', 'reverse', 'redeem', 'reverse']) {
      const before = pushesTo(phone);
      if (act === 'redeem') await system.post('/v1/redemptions', { code: issued.code });
      else {
        const { body } = await system.get(`/v1/redemptions?code=${issued.code}`);
        const open = body.data.find(({ reversedAt }: { reversedAt: unknown }) => reversedAt === null);
        await system.post(`/v1/redemptions/${open.id}/reverse`, {});
      }
      await eventually(() => pushesTo(phone) > before);
      expect(await phone.fetchPass()).toBe(200);
      seen.push(valueOf(phone.pass, 'status'));
    }
    expect(seen).toEqual(['Redeemed', 'Valid', 'Redeemed', 'Valid']);
  });

  it('hears of a withdrawn coupon, of a changed campaign, and of an end that comes by itself', async () => {
    const ends = new Date(Date.now() + 3_000).toISOString();
    const [voided, changed, ending] = await Promise.all([
      coupon(),
      coupon(),
      coupon({ validity: { endsAt: ends } }),
    ]);
    const phones = await Promise.all([voided, changed, ending].map((issued) => phoneWith(issued)));
    const { body } = await system.get(`/v1/coupons?code=${voided.code}`);
    await system.post(`/v1/coupons/${body.data[0].id}/void`, {});
    await system.call('PATCH', `/v1/campaigns/${changed.campaignId}`, {
      body: { content: { title: 'Twenty off' } },
    });
    await eventually(() => phones.every((phone) => pushesTo(phone) > 0));
    for (const phone of phones) expect(await phone.fetchPass()).toBe(200);
    const [first, second, third] = phones.map(({ pass }) => pass);
    expect([first.voided, valueOf(first, 'status')]).toEqual([true, 'Withdrawn']);
    expect(valueOf(second, 'offer')).toBe('Twenty off');
    expect([valueOf(third, 'status'), third.expirationDate]).toEqual(['Expired', ends]);
  });

  it('is told of what changed between its download and its registration', async () => {
    const issued = await coupon();
    const phone = new Phone((await passOf(issued)).json);
    await system.post('/v1/redemptions', { code: issued.code });
    await eventually(async () => (await phone.fetchPass()) === 200 && phone.pass.voided === true);
    // A second phone that had the pass before.
    await system.post('/v1/redemptions', { code: issued.code });
    expect((await phone.register()).status).toBe(201);
    expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
  });

  it('is refused with 401 without the pass’s own token, whatever else it knows', async () => {
    const [one, other] = await Promise.all([coupon(), coupon()]);
    const [mine, theirs] = await Promise.all([passOf(one), passOf(other)]);
    const phone = new Phone({ ...theirs.json, authenticationToken: mine.json.authenticationToken });
    expect([
      (await phone.register()).status,
      (await phone.unregister()).status,
      await phone.fetchPass(),
      (await new Phone({ ...mine.json, passTypeIdentifier: 'pass.other' }).register()).status,
      (await new Phone({ ...mine.json, serialNumber: 'pas_nobody' }).register()).status,
    ]).toEqual([401, 401, 401, 401, 401]);
    expect((await new Phone(mine.json).call('POST', 'log', { logs: ['it broke', 5] })).status).toBe(200);
    expect(
      (await new Phone(mine.json).call('POST', 'devices/d/registrations/p/s', { pushToken: 5 })).status,
    ).toBe(400);
  });

  it('that is gone is forgotten (410); one that could not be reached is told later', async () => {
    const [gone, unlucky] = await Promise.all([coupon(), coupon()]);
    const [lost, late] = [await phoneWith(gone), await phoneWith(unlucky)];
    apns.answers.push({ status: 410, reason: 'Unregistered' });
    await system.post('/v1/redemptions', { code: gone.code });
    await eventually(async () => (await lost.whatChanged()).length === 0 && apns.answers.length === 0);
    apns.answers.push({ status: 503 }, { status: 0, hangUp: true });
    await system.post('/v1/redemptions', { code: unlucky.code });
    await eventually(() => pushesTo(late) === 1, { timeoutMs: 15_000 });
    expect(pushesTo(lost)).toBe(0);
  });
});

describe('a coupon at Google', () => {
  it('is saved by a link of our account’s, and follows what becomes of it', async () => {
    const issued = await coupon();
    const response = await fetch(`${issued.url}/google-wallet`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    const [, jwt] = /^https:\/\/pay\.google\.com\/gp\/v\/save\/(.+)$/.exec(
      response.headers.get('location')!,
    )!;
    const claims = google.claimsOf(jwt) as { payload: { offerObjects: { id: string; classId: string }[] } };
    expect(claims).toMatchObject({
      aud: 'google',
      typ: 'savetowallet',
      iss: 'wallet@example.iam.gserviceaccount.com',
    });
    const [{ id, classId }] = claims.payload.offerObjects;
    const object = () => google.resources.get(`offerObject/${id}`);
    expect(google.resources.get(`offerClass/${classId}`)).toMatchObject({ hexBackgroundColor: '#0a7d3c' });
    expect(object()).toMatchObject({ state: 'ACTIVE', barcode: { type: 'QR_CODE', value: issued.code } });
    await system.post('/v1/redemptions', { code: issued.code });
    await eventually(() => object()?.state === 'COMPLETED');
    expect(JSON.stringify(object())).not.toContain(issued.code);
  });
});

interface OnCard {
  cardId: string;
  memberId: string;
  path: string;
  url: string;
  number: string;
}

async function card(input: object = {}): Promise<string> {
  const { body } = await system.post('/v1/loyalty/cards', {
    name: 'Friends',
    kind: 'points',
    rewards: [],
    face: { title: 'Friends of the house', color: '#5b3a1e' },
    ...input,
  });
  return body.id;
}

async function member(cardId: string): Promise<OnCard> {
  const name = `member-${++people}@example.com`;
  const { body } = await system.post('/v1/loyalty/members', { email: name, firstName: 'Ann' });
  const memberPath = `/v1/loyalty/cards/${cardId}/members/${body.id}`;
  const enrolled = await system.call('PUT', memberPath);
  return {
    cardId,
    memberId: body.id,
    path: memberPath,
    url: enrolled.body.url,
    number: enrolled.body.number,
  };
}

const award = (of: OnCard, amount: number) => system.post(`${of.path}/points`, { amount, reason: 'test' });

describe('a loyalty card’s pass', () => {
  it('is the same from the API and from the page, carries the number, and follows the balance', async () => {
    const holder = await member(await card());
    const viaApi = await fetch(system.url + `${holder.path}/pass.pkpass`, { headers: admin });
    expect([viaApi.status, viaApi.headers.get('x-pass-certificate')]).toEqual([200, 'development']);
    const viaPage = openPkpass(Buffer.from(await (await fetch(`${holder.url}/pass.pkpass`)).arrayBuffer()));
    const { json } = openPkpass(Buffer.from(await viaApi.arrayBuffer()));
    expect(viaPage.json.serialNumber).toBe(json.serialNumber);
    expect(json.storeCard).toBeDefined();
    expect(await scanned(json)).toBe(holder.number);
    const phone = new Phone(json);
    expect((await phone.register()).status).toBe(201);
    await award(holder, 120);
    await eventually(() => pushesTo(phone) > 0);
    expect(await phone.fetchPass()).toBe(200);
    expect(valueOf(phone.pass, 'balance')).toBe(120);
  });

  it('tells a phone of many movements in a few pushes, and of the last one always', async () => {
    const holder = await member(await card());
    const response = await fetch(`${holder.url}/pass.pkpass`);
    const phone = new Phone(openPkpass(Buffer.from(await response.arrayBuffer())).json);
    await phone.register();
    await Promise.all(Array.from({ length: 40 }, () => award(holder, 1)));
    await eventually(async () => {
      await phone.fetchPass();
      expect(valueOf(phone.pass, 'balance')).toBe(40);
      expect(pushesTo(phone)).toBeGreaterThan(0);
    });
    expect(pushesTo(phone)).toBeLessThan(40);
  });

  it('is forgotten with its person: the phone is refused, and Google is left a bare number', async () => {
    const holder = await member(await card());
    const response = await fetch(`${holder.url}/pass.pkpass`);
    const phone = new Phone(openPkpass(Buffer.from(await response.arrayBuffer())).json);
    await phone.register();
    await system.get(`${holder.path}/google-wallet`);
    const object = () =>
      [...google.resources.values()].find(({ id }) => String(id).endsWith(phone.pass.serialNumber));
    expect(object()).toMatchObject({ accountName: 'Ann', state: 'ACTIVE' });
    const { body } = await system.get(`/v1/loyalty/members/${holder.memberId}`);
    const erased = await system.call('DELETE', `/v1/contacts/${encodeURIComponent(body.email)}`);
    expect(erased.status).toBeLessThan(300);
    await eventually(async () => (await phone.fetchPass()) === 401);
    await eventually(() => object()?.state === 'INACTIVE');
    expect(JSON.stringify(object())).not.toMatch(/Ann/);
  });
});

describe('a message to everybody who has the card', () => {
  it('is on every phone’s pass and at Google, once each, and is counted', async () => {
    const cardId = await card();
    const holders = await Promise.all([member(cardId), member(cardId), member(cardId)]);
    const phones = await Promise.all(
      holders.slice(0, 2).map(async ({ url }) => {
        const pass = await (await fetch(`${url}/pass.pkpass`)).arrayBuffer();
        const phone = new Phone(openPkpass(Buffer.from(pass)).json);
        await phone.register();
        await phone.fetchPass();
        return phone;
      }),
    );
    const link = await system.get(`${holders[2].path}/google-wallet`);
    expect(link.status).toBe(200);
    const answer = await system.post(`/v1/loyalty/cards/${cardId}/push`, { message: 'Double points' });
    expect([answer.status, answer.body.devices]).toEqual([202, 3]);
    const job = `/v1/loyalty/cards/${cardId}/push/${answer.body.jobId}`;
    await eventually(async () => {
      expect((await system.get(job)).body).toMatchObject({ status: 'done', done: 3, devices: 3 });
      expect(phones.map((phone) => pushesTo(phone))).toEqual([1, 1]);
      expect(google.messages.filter(({ body }) => body === 'Double points')).toHaveLength(1);
    });
    for (const phone of phones) {
      expect(await phone.fetchPass()).toBe(200);
      expect(valueOf(phone.pass, 'message')).toBe('Double points');
    }
    const late = { ...answer, ...(await system.post(`/v1/loyalty/cards/${cardId}/push`, { message: ' ' })) };
    expect([late.status, late.body.errors[0].path]).toEqual([400, '/message']);
  });

  it('waits where Google has shown three in a day, and does not hold the balance back', async () => {
    const holder = await member(await card());
    await system.get(`${holder.path}/google-wallet`);
    const told = () => google.messages.filter(({ body }) => body.startsWith('Quota')).length;
    for (let n = 1; n <= 4; n++) {
      await system.post(`/v1/loyalty/cards/${holder.cardId}/push`, { message: `Quota ${n}` });
      if (n < 4) await eventually(() => told() === n);
    }
    await award(holder, 7);
    const balances = () =>
      [...google.resources.values()].map(({ loyaltyPoints }) => JSON.stringify(loyaltyPoints ?? null));
    await eventually(() => balances().some((text) => text.includes('"int":7}')));
    expect(told()).toBe(3);
  });

  it('is asked for by a Coupontools client, which is told how many', async () => {
    const holder = await member(await card());
    const pass = await (await fetch(`${holder.url}/pass.pkpass`)).arrayBuffer();
    await new Phone(openPkpass(Buffer.from(pass)).json).register();
    const push = (body: object) =>
      system.post('/coupontools/v3/loyalty/pushnotification/list', { message: 'Hello', ...body });
    expect((await push({ loyaltycard: holder.cardId })).body).toMatchObject({
      status: { status: 'OK' },
      notified: 1,
    });
    expect((await push({ loyaltycard: 'crd_nothing' })).body.status.errors.error_code).toEqual([505]);
    expect((await push({})).body.status.errors.error_code).toEqual([200]);
  });
});
