import {
  AppendRecipients,
  BeginDistribution,
  CheckMessages,
  FinishDistribution,
  GetCampaign,
  notFound,
  type CampaignView,
  type Job,
} from '@tearoff/contracts';
import { startHarness, type Harness } from './harness';
import { ids } from './samples';

let harness: Harness;
const path = `/v1/campaigns/${ids.campaign}/distributions`;
const job = { id: 'job_00000000000000', kind: 'distribution', status: 'queued' } as Job;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.others.reset();
  harness.others.on(BeginDistribution, () => job);
  harness.others.on(AppendRecipients, () => ({}));
  harness.others.on(FinishDistribution, () => job);
  harness.others.on(CheckMessages, () => ({ faults: [] }));
  harness.others.on(GetCampaign, () => ({}) as CampaignView);
});

const upload = (raw: string | Buffer, { query = '', type = 'text/csv', headers = {} } = {}) =>
  harness.call('POST', `${path}?channel=sms${query}`, { raw, headers: { 'content-type': type, ...headers } });
const rows = () => harness.others.askedFor(AppendRecipients).flatMap((part) => part.rows);
const recipients = () => rows().map(({ recipient }) => recipient);
const faults = () => harness.others.askedFor(AppendRecipients).flatMap((part) => part.faults ?? []);
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the encoding of a list', () => {
  it.each([
    ['Windows-1252', latin1('phone;firstName\r\n+44 1;Jörg\r\n')],
    ['UTF-16 with its mark', Buffer.from('\ufeffphone;firstName\r\n+44 1;Jörg\r\n', 'utf16le')],
    [
      'UTF-16 the other way round',
      Buffer.from('\ufeffphone;firstName\r\n+44 1;Jörg\r\n', 'utf16le').swap16(),
    ],
    ['UTF-16 without a mark, tabs', Buffer.from('phone\tfirstName\r\n+44 1\tJörg\r\n', 'utf16le')],
    ['UTF-8', Buffer.from('phone;firstName\r\n+44 1;Jörg\r\n')],
  ])('may be %s', async (_, raw) => {
    expect((await upload(raw)).status).toBe(202);
    expect(recipients()).toEqual([{ phone: '+44 1', firstName: 'Jörg' }]);
    expect(faults()).toEqual([]);
  });

  it('is the one that the Content-Type names, and one that is not known is refused', async () => {
    const raw = latin1('phone,firstName\n+44 1,Mu\xf1oz\n');
    expect((await upload(raw, { type: 'text/csv; charset=iso-8859-1' })).status).toBe(202);
    expect((await upload(raw, { type: 'text/csv; charset=windows-1250' })).status).toBe(202);
    expect(recipients().map(({ firstName }) => firstName)).toEqual(['Muñoz', 'Muńoz']);
    expect(await upload(raw, { type: 'text/csv; charset=klingon' })).toMatchObject({
      status: 422,
      body: { code: 'csv.charset_unknown' },
    });
  });

  it('is asked back where two make different names that are as likely', async () => {
    expect(await upload(latin1('phone,firstName\n+44 1,Mu\xf1oz\n'))).toMatchObject({
      status: 422,
      body: {
        code: 'csv.encoding_unclear',
        readings: expect.arrayContaining([{ charset: 'windows-1252', example: 'Muñoz' }]),
      },
    });
    expect(rows()).toEqual([]);
  });

  it('is UTF-8 although a character is cut where the sample ends; what breaks later is refused by its row', async () => {
    const line = '+44 1,Jörg';
    const many = Array.from({ length: 8_000 }, () => line);
    const raw = Buffer.concat([
      Buffer.from(`phone,firstName\n${many.join('\n')}\n`),
      latin1('+44 2,J\xf6rg\n'),
      Buffer.from('+44 3,Zoë\n'),
    ]);
    expect((await upload(raw)).status).toBe(202);
    expect(recipients().every(({ firstName }) => firstName === 'Jörg' || firstName === 'Zoë')).toBe(true);
    expect(recipients()).toHaveLength(8_001);
    expect(faults()).toEqual([
      { path: '/lines/8002', message: expect.stringContaining('firstName holds U+FFFD') },
    ]);
  });

  it('that was lost before leaves no mark in a message: those rows are refused, in JSON too', async () => {
    const names = ['J\ufffdrg', 'JÃ¶rg', 'J\u0094rg', 'Ann'];
    const csv = `phone,firstName\n${names.map((name) => `+44 1,${name}\n`).join('')}`;
    expect((await upload(Buffer.from(csv))).status).toBe(202);
    expect(recipients()).toEqual([{ phone: '+44 1', firstName: 'Ann' }]);
    expect(faults().map((fault) => fault.path)).toEqual(['/lines/2', '/lines/3', '/lines/4']);
    expect(faults()[1].message).toContain('"JÃ¶rg" where "Jörg" was meant');
    const list = names.map((firstName) => ({ phone: '+44 1', firstName }));
    await harness.call('POST', path, { body: { channel: 'sms', recipients: list } });
    expect(faults().slice(3)).toMatchObject([1, 2, 3].map((line) => ({ path: `/lines/${line}` })));
  });

  it('of a header that was lost refuses the file', async () => {
    expect(await upload(Buffer.from('phone,Stra\ufffde\n+44 1,x\n'))).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/lines/1' }] },
    });
  });
});

describe('the columns of a list', () => {
  it.each([
    [
      'Google Contacts',
      'Name,Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value',
      'Ann Lee,Ann,Lee,a@b.uk,+44 1',
    ],
    ['HubSpot', 'Record ID,First Name,Last Name,Email,Phone Number', '77,Ann,Lee,a@b.uk,+44 1'],
    ['Salesforce', 'Salutation,First Name,Last Name,Phone,Mobile,Email', 'Ms,Ann,Lee,+44 2,+44 1,a@b.uk'],
    ['Outlook', 'First Name,Last Name,E-mail Address,Home Phone,Mobile Phone', 'Ann,Lee,a@b.uk,+44 2,+44 1'],
    ['Mailchimp', 'Email Address,First Name,Last Name,Phone Number', 'a@b.uk,Ann,Lee,+44 1'],
    ['Brevo', 'EMAIL;LASTNAME;FIRSTNAME;SMS', 'a@b.uk;Lee;Ann;+44 1'],
    ['German', 'Vorname;Name;Handynummer;E-Mail-Adresse', 'Ann;Lee;+44 1;a@b.uk'],
    ['Spanish', 'Nombre;Apellidos;Teléfono móvil;Correo electrónico', 'Ann;Lee;+44 1;a@b.uk'],
    ['French', 'Prénom;Nom;Téléphone portable;Adresse e-mail', 'Ann;Lee;+44 1;a@b.uk'],
    ['Dutch', 'Voornaam;Achternaam;Mobiel;E-mailadres', 'Ann;Lee;+44 1;a@b.uk'],
    ['Ukrainian', "Ім'я;Прізвище;Телефон;Електронна пошта", 'Ann;Lee;+44 1;a@b.uk'],
    ['Italian', 'Nome;Cognome;Cellulare;Indirizzo e-mail', 'Ann;Lee;+44 1;a@b.uk'],
    ['Polish', 'Imię;Nazwisko;Telefon komórkowy;Adres e-mail', 'Ann;Lee;+44 1;a@b.uk'],
    ['Portuguese', 'Nome;Sobrenome;Celular;E-mail', 'Ann;Lee;+44 1;a@b.uk'],
  ])('are found by the words of %s', async (_, header, row) => {
    expect((await upload(`${header}\n${row}\n`)).status).toBe(202);
    expect(recipients()).toEqual([{ phone: '+44 1', email: 'a@b.uk', firstName: 'Ann', lastName: 'Lee' }]);
  });

  it('keep a whole name whole, and ids that only count rows out of the person', async () => {
    await upload('Name,ID,Phone\nAnn Lee,1,+44 1\n');
    expect(rows()).toMatchObject([{ recipient: { phone: '+44 1' }, metadata: { Name: 'Ann Lee', ID: '1' } }]);
    expect(Object.keys(recipients()[0])).toEqual(['phone']);
  });

  it('hold countries by name, and say of one that is not known that it is the country', async () => {
    const countries = ['United Kingdom', 'UK', 'gb', 'Deutschland', 'Велика Британія', 'Países Bajos', 'USA'];
    await upload(
      `phone,Country\n${[...countries, 'Atlantis', 'ZZ'].map((each) => `+44 1,${each}\n`).join('')}`,
    );
    expect(recipients().map(({ country }) => country)).toEqual(['GB', 'GB', 'GB', 'DE', 'GB', 'NL', 'US']);
    expect(faults()).toEqual([
      {
        path: '/lines/9',
        message: expect.stringContaining('recipient.country: "Atlantis" is not a country'),
      },
      { path: '/lines/10', message: expect.stringContaining('recipient.country: "ZZ"') },
    ]);
  });

  it('hold what spreadsheets and tools made of a phone number', async () => {
    const phones = ["'+447400123456", '"=""+447400123456"""', 'p:+447400123456', '+447400123456 ::: +44 2'];
    await upload(`phone\n${phones.join('\n')}\n447400123456.0\n4.47912E+11\n"4,47912E+11"\n`);
    expect(recipients().map(({ phone }) => phone)).toEqual([
      ...phones.map(() => '+447400123456'),
      '447400123456',
    ]);
    expect(faults()).toEqual([
      { path: '/lines/7', message: expect.stringContaining('a spreadsheet has rounded it') },
      { path: '/lines/8', message: expect.stringContaining('a spreadsheet has rounded it') },
    ]);
  });

  it('are those that the caller names, by header or by number', async () => {
    const csv = 'Mobile,"Mobile 2, private",Vorname,Branch\n+44 1,+44 2,Ann,York\n';
    const map = encodeURIComponent('phone:Mobile 2, private,firstName:3,source.site:branch');
    expect((await upload(csv, { query: `&map=${map}` })).status).toBe(202);
    expect(rows()).toEqual([
      {
        line: 2,
        recipient: { phone: '+44 2', firstName: 'Ann' },
        source: { site: 'York' },
        metadata: { Mobile: '+44 1' },
      },
    ]);
  });

  it.each([
    ['phone:Fax', 422, 'list.column_unknown'],
    ['phone:9', 422, 'list.column_unknown'],
    ['fax:Mobile', 400, 'request.invalid'],
    ['phone:Mobile,phone:Cell', 400, 'request.invalid'],
    ['phone:Mobile,email:1', 400, 'request.invalid'],
  ])('are not %s', async (map, status, code) => {
    const answer = await upload('Mobile,Cell\n+44 1,+44 2\n', { query: `&map=${encodeURIComponent(map)}` });
    expect(answer).toMatchObject({ status, body: { code, errors: [{ path: '/map' }] } });
    if (status === 422) expect(answer.body.columns).toEqual(['Mobile', 'Cell']);
    expect(rows()).toEqual([]);
  });

  it('are asked back where two are as good, or none is known', async () => {
    expect(await upload('Mobile,Cell phone\n+44 1,+44 2\n')).toMatchObject({
      status: 422,
      body: { code: 'list.column_unclear', columns: ['Mobile', 'Cell phone'] },
    });
    expect(await upload('Wer,Was\nAnn,Tea\n')).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', columns: ['Wer', 'Was'] },
    });
  });
});

describe('a dry run', () => {
  const csv =
    'Vorname;Handy;Land;Ort\r\nJörg;07400 123456;UK;Köln\r\nAnn;12;UK;\r\nBen;+447400123457;Atlantis;\r\nCid;;;\r\n';

  it('says how a list is understood, and does nothing', async () => {
    const answer = await upload(latin1(csv), { query: '&dryRun=true' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      columns: [
        { header: 'Vorname', field: 'firstName' },
        { header: 'Handy', field: 'phone' },
        { header: 'Land', field: 'country' },
        { header: 'Ort', field: null },
      ],
      encoding: 'windows-1252',
      separator: ';',
      total: 4,
      faults: 3,
      warnings: 0,
      rows: [
        {
          line: 2,
          recipient: { phone: '+447400123456', firstName: 'Jörg', country: 'GB' },
          metadata: { Ort: 'Köln' },
        },
        { line: 3, fault: { code: 'recipient.invalid_phone', message: expect.any(String) } },
        { line: 4, fault: { code: 'row.invalid', message: expect.stringContaining('recipient.country') } },
        { line: 5, fault: { code: 'recipient.missing', message: expect.any(String) } },
      ],
    });
    expect(harness.others.asked.map(({ command }) => command)).toEqual([GetCampaign.name]);
  });

  it('counts all of a long list and shows twenty of it', async () => {
    const long = `phone\n${'+447400123456\n12\n'.repeat(3_000)}`;
    const { body } = await upload(long, { query: '&dryRun=true' });
    expect(body).toMatchObject({ total: 6_000, faults: 3_000 });
    expect(body.rows).toHaveLength(20);
    expect(body.rows.map(({ line }: { line: number }) => line)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 2),
    );
  });

  it('is made of JSON too, and warns of who has no address for the channel', async () => {
    const recipients = [{ externalId: 'x' }, { phone: '+447400123456' }, { phone: 7 }];
    const body = { channel: 'sms', recipients };
    const answer = await harness.call('POST', `${path}?dryRun=true`, { body });
    expect(answer).toMatchObject({
      status: 200,
      body: { columns: null, encoding: null, total: 3, faults: 1, warnings: 1 },
    });
    expect(answer.body.rows[0].warning.code).toBe('recipient.no_address');
    expect(rows()).toEqual([]);
  });

  it('of an unknown campaign is 404, and of a list that cannot be read what the list itself would be', async () => {
    expect(await upload('Mobile,Cell\n1,2\n', { query: '&dryRun=true' })).toMatchObject({ status: 422 });
    expect((await upload('phone\n1\n', { query: '&dryRun=maybe' })).status).toBe(400);
    harness.others.on(GetCampaign, () => notFound('campaign.not_found', 'There is no such campaign.'));
    expect(await upload('phone\n1\n', { query: '&dryRun=true' })).toMatchObject({ status: 404 });
  });

  it('is another request than the list itself under an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'dry' };
    expect((await upload('phone\n+447400123456\n', { query: '&dryRun=true', headers })).status).toBe(200);
    expect(await upload('phone\n+447400123456\n', { headers })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
  });
});
