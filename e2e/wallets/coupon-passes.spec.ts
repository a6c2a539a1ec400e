import { Client } from 'pg';
import { Phone } from './phone';
import { digests, scanned, valueOf, verifySignature } from './pkpass';
import { eventually, WalletWorld } from './wallet.world';

let world: WalletWorld;
beforeAll(async () => {
  world = await WalletWorld.start();
});
afterAll(() => world?.stop());

const path = (url: string): string => new URL(url).pathname;

describe('a coupon’s pass', () => {
  it('is signed by a chain that openssl accepts, whole, and shown by a phone as a code that a till redeems', async () => {
    const issued = await world.coupon();
    const pass = await world.passOf(issued);
    const database = new Client({ connectionString: world.system.databaseUrl });
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
    expect((await world.system.post('/v1/redemptions', { code })).status).toBe(201);
  });

  it('has pictures at every size, its words in six languages, and the campaign’s colour', async () => {
    const { files, json } = await world.passOf(await world.coupon());
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
    const issued = await world.coupon({ barcode });
    const { json } = await world.passOf(issued);
    expect(json.barcodes).toMatchObject([{ format, message: issued.code }]);
  });

  it('is the same pass however often it is asked for, and for nobody who guesses', async () => {
    const issued = await world.coupon();
    const passes = await Promise.all([world.passOf(issued), world.passOf(issued), world.passOf(issued)]);
    expect(new Set(passes.map(({ json }) => json.serialNumber)).size).toBe(1);
    expect((await world.system.get('/c/not-a-token-of-ours/pass.pkpass')).status).toBe(404);
    expect((await world.system.get(`${path(issued.url)}%2F../pass.pkpass`)).status).toBe(404);
  });

  it('is told a message that a Coupontools client sends to one coupon, on the phone and at Google, and no other pass is', async () => {
    const issued = await world.coupon();
    const other = await world.coupon();
    const [phone, bystander] = [await world.phoneWith(issued), await world.phoneWith(other)];
    const push = (more: object) =>
      world.system.post('/coupontools/v3/coupon/pushnotification/single', {
        campaign: issued.campaignId,
        couponsession: issued.code,
        message: 'Today only',
        ...more,
      });
    expect((await push({})).body).toEqual({
      status: { status: 'OK' },
      campaign: issued.campaignId,
      couponsession: issued.code,
      message: 'Today only',
      action: 'pushnotification_sent',
      notified: 1,
    });
    await eventually(async () => {
      await phone.fetchPass();
      expect([world.pushesTo(phone), valueOf(phone.pass, 'message')]).toEqual([1, 'Today only']);
    });
    await fetch(`${issued.url}/google-wallet`, { redirect: 'manual' });
    expect((await push({ message: 'Until six' })).body.notified).toBe(2);
    await eventually(() => world.google.messages.some(({ body }) => body === 'Until six'));
    expect(world.google.messages.filter(({ body }) => body === 'Today only')).toEqual([]);
    expect(await bystander.fetchPass()).toBe(304);

    const faults = async (more: object) => (await push(more)).body.status.errors.error_code;
    expect(await faults({ campaign: other.campaignId })).toEqual([505]);
    expect(await faults({ campaign: 'cam_nothing' })).toEqual([502]);
    expect(await faults({ campaign: '', message: '' })).toEqual([200, 200]);
    const nowhere = await world.coupon();
    const { campaignId: campaign, code: couponsession } = nowhere;
    expect(await faults({ campaign, couponsession })).toEqual([505]);
    await phone.unregister();
    expect((await push({})).body.notified).toBe(1);
  });

  it('is offered on the coupon’s page while it is valid, and not after', async () => {
    const issued = await world.coupon();
    const page = async () => (await world.system.call('GET', path(issued.url), { as: null })).body as string;
    await eventually(async () => expect(await page()).toContain(`${path(issued.url)}/pass.pkpass`));
    expect(await page()).toContain('/google-wallet');
    await world.system.post('/v1/redemptions', { code: issued.code });
    expect(await page()).not.toContain('pass.pkpass');
  });
});

describe('a phone', () => {
  it('registers, is pushed when the coupon is spent, asks what changed, fetches it once, and says goodbye', async () => {
    const issued = await world.coupon();
    const phone = new Phone((await world.passOf(issued)).json);
    expect((await phone.register()).status).toBe(201);
    expect((await phone.register()).status).toBe(200);
    expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
    expect(await phone.fetchPass()).toBe(200);
    expect(await phone.fetchPass()).toBe(304);
    await world.system.post('/v1/redemptions', { code: issued.code });
    await eventually(() => world.pushesTo(phone) === 1);
    expect(world.apns.pushes.at(-1)).toMatchObject({ topic: phone.pass.passTypeIdentifier, body: '{}' });
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
    const issued = await world.coupon();
    const phone = await world.phoneWith(issued);
    const seen: unknown[] = [];
    for (const act of ['redeem', 'reverse', 'redeem', 'reverse']) {
      const before = world.pushesTo(phone);
      if (act === 'redeem') await world.system.post('/v1/redemptions', { code: issued.code });
      else {
        const { body } = await world.system.get(`/v1/redemptions?code=${issued.code}`);
        const open = body.data.find(({ reversedAt }: { reversedAt: unknown }) => reversedAt === null);
        await world.system.post(`/v1/redemptions/${open.id}/reverse`, {});
      }
      await eventually(() => world.pushesTo(phone) > before);
      expect(await phone.fetchPass()).toBe(200);
      seen.push(valueOf(phone.pass, 'status'));
    }
    expect(seen).toEqual(['Redeemed', 'Valid', 'Redeemed', 'Valid']);
  });

  it('hears of a withdrawn coupon, of a changed campaign, and of an end that comes by itself', async () => {
    const ends = new Date(Date.now() + 3_000).toISOString();
    const [voided, changed, ending] = await Promise.all([
      world.coupon(),
      world.coupon(),
      world.coupon({ validity: { endsAt: ends } }),
    ]);
    const phones = await Promise.all([voided, changed, ending].map((issued) => world.phoneWith(issued)));
    const { body } = await world.system.get(`/v1/coupons?code=${voided.code}`);
    await world.system.post(`/v1/coupons/${body.data[0].id}/void`, {});
    await world.system.call('PATCH', `/v1/campaigns/${changed.campaignId}`, {
      body: { content: { title: 'Twenty off' } },
    });
    await eventually(() => phones.every((phone) => world.pushesTo(phone) > 0));
    for (const phone of phones) expect(await phone.fetchPass()).toBe(200);
    const [first, second, third] = phones.map(({ pass }) => pass);
    expect([first.voided, valueOf(first, 'status')]).toEqual([true, 'Withdrawn']);
    expect(valueOf(second, 'offer')).toBe('Twenty off');
    expect([valueOf(third, 'status'), third.expirationDate]).toEqual(['Expired', ends]);
  });

  it('is told of what changed between its download and its registration', async () => {
    const issued = await world.coupon();
    const phone = new Phone((await world.passOf(issued)).json);
    await world.system.post('/v1/redemptions', { code: issued.code });
    await eventually(async () => (await phone.fetchPass()) === 200 && phone.pass.voided === true);
    // A second phone that had the pass before.
    await world.system.post('/v1/redemptions', { code: issued.code });
    expect((await phone.register()).status).toBe(201);
    expect(await phone.whatChanged()).toEqual([phone.pass.serialNumber]);
  });

  it('is refused with 401 without the pass’s own token, whatever else it knows', async () => {
    const [one, other] = await Promise.all([world.coupon(), world.coupon()]);
    const [mine, theirs] = await Promise.all([world.passOf(one), world.passOf(other)]);
    const phone = new Phone({ ...theirs.json, authenticationToken: mine.json.authenticationToken });
    expect([
      (await phone.register()).status,
      (await phone.unregister()).status,
      await phone.fetchPass(),
      (await new Phone({ ...mine.json, passTypeIdentifier: 'pass.other' }).register()).status,
      (await new Phone({ ...mine.json, serialNumber: 'pas_nobody' }).register()).status,
    ]).toEqual([401, 401, 401, 401, 401]);
    expect((await new Phone(mine.json).call('POST', 'log', { logs: ['it broke', 5] })).status).toBe(200);
    const call = async (method: string, path: string, body?: object) =>
      (await new Phone(mine.json).call(method, path, body)).status;
    expect(await call('POST', 'devices/d/registrations/p/s', { pushToken: 5 })).toBe(400);
    const { passTypeIdentifier: type } = mine.json;
    expect([
      await call('GET', `devices/%00/registrations/${type}`),
      await call('GET', `passes/${type}/pas_%00`),
      await call('POST', `devices/d/registrations/${type}/pas_%00`, { pushToken: 'p' }),
    ]).toEqual([204, 401, 401]);
  });

  it('that is gone is forgotten (410); one that could not be reached is told later', async () => {
    const [gone, unlucky] = await Promise.all([world.coupon(), world.coupon()]);
    const [lost, late] = [await world.phoneWith(gone), await world.phoneWith(unlucky)];
    world.apns.answers.push({ status: 410, reason: 'Unregistered' });
    await world.system.post('/v1/redemptions', { code: gone.code });
    await eventually(async () => (await lost.whatChanged()).length === 0 && world.apns.answers.length === 0);
    world.apns.answers.push({ status: 503 }, { status: 0, hangUp: true });
    await world.system.post('/v1/redemptions', { code: unlucky.code });
    await eventually(() => world.pushesTo(late) === 1, { timeoutMs: 15_000 });
    expect(world.pushesTo(lost)).toBe(0);
  });
});

describe('a coupon at Google', () => {
  it('is saved by a link of our account’s, and follows what becomes of it', async () => {
    const issued = await world.coupon();
    const response = await fetch(`${issued.url}/google-wallet`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    const [, jwt] = /^https:\/\/pay\.google\.com\/gp\/v\/save\/(.+)$/.exec(
      response.headers.get('location')!,
    )!;
    const claims = world.google.claimsOf(jwt) as {
      payload: { offerObjects: { id: string; classId: string }[] };
    };
    expect(claims).toMatchObject({
      aud: 'google',
      typ: 'savetowallet',
      iss: 'wallet@example.iam.gserviceaccount.com',
    });
    const [{ id, classId }] = claims.payload.offerObjects;
    const object = () => world.google.resources.get(`offerObject/${id}`);
    expect(world.google.resources.get(`offerClass/${classId}`)).toMatchObject({
      hexBackgroundColor: '#0a7d3c',
    });
    expect(object()).toMatchObject({ state: 'ACTIVE', barcode: { type: 'QR_CODE', value: issued.code } });
    await world.system.post('/v1/redemptions', { code: issued.code });
    await eventually(() => object()?.state === 'COMPLETED');
    expect(JSON.stringify(object())).not.toContain(issued.code);
  });
});
