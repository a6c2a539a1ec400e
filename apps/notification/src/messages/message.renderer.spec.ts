import { campaignWith, couponOf } from '../../test/builders';
import { projectionOf } from '../campaigns/campaign.entity';
import { renderMessage } from './message.renderer';

const url = 'https://go.example/c/tok';
const unsubscribeLink = 'https://go.example/u/tok';

function render(
  channel: 'sms' | 'email',
  messages: Parameters<typeof campaignWith>[0] = {},
  coupon: Parameters<typeof couponOf>[1] = {},
) {
  const campaign = campaignWith(messages);
  return renderMessage(
    channel,
    couponOf(campaign, coupon),
    projectionOf(campaign),
    url,
    () => unsubscribeLink,
  );
}

const sms = (body: string) => ({ messages: { sms: { body } } });

describe("a coupon's message", () => {
  it('has the URL at its end unless the text places it', () => {
    expect(render('sms', sms('Enjoy {{title}}')).text).toBe(`Enjoy 20 % off everything ${url}`);
    expect(render('sms', sms('Go to {{url}} now')).text).toBe(`Go to ${url} now`);
  });

  it('is in its own words before the campaign’s before the default', () => {
    expect(render('sms').text).toBe(`20 % off everything: ${url}`);
    expect(render('sms', sms('theirs {{url}}'), { message: { body: 'own {{code}} {{url}}' } }).text).toBe(
      `own AB12CD34EF56 ${url}`,
    );
  });

  it('knows code, names, campaign, terms and validity, in the campaign’s time zone and their language', () => {
    const body = '{{firstName}} {{lastName}}|{{campaign}}|{{description}}|{{terms}}|{{validTo}}|{{url}}';
    const validTo = '2031-06-30T21:59:59.999Z';
    const recipient = { phone: '+447911123456', firstName: 'Ann', lastName: 'Lee', languageCode: 'de' };
    expect(render('sms', sms(body), { recipient, validTo }).text).toBe(
      `Ann Lee|Spring sale|In all our shops|One per person|30. Juni 2031|${url}`,
    );
    expect(render('sms', sms('{{validTo}} {{url}}'), { validTo: '2031-06-30T10:00:00.000Z' }).text).toMatch(
      /^30 June 2031.* 12:00 https/,
    );
  });

  it('says what the offer says where they have one', () => {
    const campaign = { offers: [{ id: 'off_1', content: { title: 'A free coffee' } }] };
    expect(render('sms', campaign, { offerId: 'off_1' }).text).toBe(`A free coffee: ${url}`);
  });

  it.each([
    ['is not a template', 'Hello {{ title'],
    ['uses an unknown filter', '{{ title | shout }}'],
    ['includes a file', '{% include "/etc/passwd" %}'],
    ['never ends', '{% for i in (1..100000000) %}{% for j in (1..100000000) %}x{% endfor %}{% endfor %}'],
  ])('goes out in the default words when the text %s, and says why', (_what, body) => {
    const message = render('sms', sms(body));
    expect(message.text).toBe(`20 % off everything: ${url}`);
    expect(message.warning).toMatch(/^the text could not be rendered and the default was sent: /);
  });

  it('cannot reach anything but its variables', () => {
    expect(render('sms', sms('[{{ title.constructor }}{{ nothing.at.all }}] {{url}}')).text).toBe(
      `[] ${url}`,
    );
  });

  it('escapes what people write where it becomes HTML', () => {
    const recipient = { email: 'a@b.example', firstName: '<img src=x onerror=alert(1)>' };
    const own = render('email', { messages: { email: { html: '<b>{{firstName}}</b>' } } }, { recipient });
    expect(own.html).toContain('<b>&lt;img src=x onerror=alert(1)&gt;</b>');
    const made = render('email', {}, { recipient });
    expect(made.html).not.toContain('<img');
    expect(made.text).toContain('Hello <img src=x onerror=alert(1)>,');
  });

  it('puts the coupon’s link into HTML that lacks it, within the page', () => {
    const html = '<html><body><p>Hi</p></body></html>';
    const message = render('email', { messages: { email: { html } } });
    expect(message.html).toMatch(
      /<p>Hi<\/p><p[^>]*><a href="https:\/\/go.example\/c\/tok"[^]*<\/body><\/html>/,
    );
  });

  it('is never without a subject, and shows nothing in it that makes it read as another one', () => {
    const subject = (text: string, campaign = {}) =>
      render('email', campaign, { message: { subject: text } }).subject;
    expect(subject('{{ nothing }} \u202e\u0007')).toBe('20 % off everything');
    expect(subject('{{ nothing }}', { content: { title: '\u0085' } })).toBe('Spring sale');
    expect(subject('Your\u2028\u202e gnp.coupon\u2069\ud800 20\u00a0%')).toBe('Your gnp.coupon 20\u00a0%');
    expect(subject('\u05e9\u05dc\u05d5\u05dd\u200f!')).toBe('\u05e9\u05dc\u05d5\u05dd\u200f!');
  });

  it('takes a body of its own for the text of a mail, or for its HTML when it begins with a tag', () => {
    const text = render(
      'email',
      {},
      { message: { subject: 'Your\r\nBcc: x@y.example', body: 'See {{url}}' } },
    );
    expect(text).toMatchObject({
      subject: 'Your Bcc: x@y.example',
      text: `See ${url}\n\nUnsubscribe: ${unsubscribeLink}`,
    });
    const html = render('email', {}, { message: { body: '<p>{{title}} {{url}}</p>' } });
    expect(html.html).toContain(`<p>20 % off everything ${url}</p>`);
    expect(html.text).toContain(url);
  });

  it('shows the way out of every mail once: where the text places it, else at the end', () => {
    const plain = render('email', {}, { message: { body: 'No more? {{unsubscribeUrl}}\n{{url}}' } });
    expect(plain.text).toBe(`No more? ${unsubscribeLink}\n${url}`);
    expect(plain.html!.split(unsubscribeLink)).toHaveLength(3);
    expect(plain.html).toContain(`<a href="${unsubscribeLink}">${unsubscribeLink}</a>`);
    const html = '<html><body>{{url}} <a href="{{unsubscribeUrl}}">stop</a></body></html>';
    const placed = render('email', { messages: { email: { html } } });
    expect(placed.html).toBe(`<html><body>${url} <a href="${unsubscribeLink}">stop</a></body></html>`);
    const bare = render('email', { messages: { email: { html: '<body>{{url}}</body>' } } });
    expect(bare.html).toMatch(/<a href="https:\/\/go\.example\/u\/tok">Unsubscribe<\/a><\/p>\s*<\/body>$/);
    expect(render('sms').text).not.toContain(unsubscribeLink);
  });
});
