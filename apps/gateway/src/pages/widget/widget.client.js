// <script src="https://…/widget.js" data-campaign="cam_…" data-key="key_…" async></script>
// Puts the form where the script stands, or into data-target (a selector). Also: data-lang, data-source="medium:site:ad:location".
const me = document.currentScript;
const { campaign, key, target, lang = '', source = '' } = me.dataset;
const api = new URL('/v1/claims', me.src).href;
const host = document.createElement('div');
const place = target && document.querySelector(target);
if (place) place.append(host);
else me.after(host);
const root = host.attachShadow({ mode: 'open' });
// Not a style element: the host's policy would have to allow it.
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
root.adoptedStyleSheets = [sheet];

/* A small tree: name, attributes (functions listen), children. Text is never read as HTML. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(attribute, value);
    else if (value === true) element.setAttribute(attribute, '');
    else if (value != null && value !== false) element.setAttribute(attribute, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const field = (label, input) => make('label', { class: 'field' }, make('span', {}, label), input);

function show(view, focus) {
  root.replaceChildren(view);
  if (focus) root.querySelector('[data-focus]')?.focus();
}

const notice = (headline, ...says) =>
  make(
    'section',
    { class: 'card' },
    make('h2', { tabindex: -1, 'data-focus': true }, headline),
    says.map((text) => make('p', {}, text)),
  );

/* What they are told in the end: a headline and sentences. */
function ending({ accepted, played }, { status, nextPlayAt }) {
  if (!played) return accepted;
  const moment = nextPlayAt && new Date(nextPlayAt).toLocaleString(played.locale, played.format);
  const after = moment ? played.next.map((text) => text.replace('{moment}', moment)) : played.last;
  return [...played[status], ...after];
}

async function ask(address, body) {
  const headers = { 'x-client-id': key, ...(body && { 'content-type': 'application/json' }) };
  const answer = await fetch(address, {
    method: body ? 'POST' : 'GET',
    headers,
    body: body && JSON.stringify(body),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
  return { ok: answer.ok, body: await answer.json() };
}

const load = () =>
  ask(
    `${api}/form?campaignId=${encodeURIComponent(campaign)}&lang=${encodeURIComponent(lang || navigator.language)}`,
  );

function sourceOf() {
  const [medium, site, ad, place] = source.split(':');
  return {
    medium: medium || 'widget',
    site: site || location.host,
    ...(ad && { ad }),
    ...(place && { location: place }),
  };
}

function fieldsOf(form) {
  const { texts } = form;
  const phone = form.channel === 'sms';
  const kind = phone ? 'tel' : 'email';
  const [home, ...others] = form.countries;
  const code = home && others.length === 0 ? ` (${home.callingCode})` : '';
  const label = phone ? texts.phone + code : texts.email;
  return [
    form.offers.length > 0 &&
      make(
        'fieldset',
        {},
        make('legend', {}, texts.choose),
        form.offers.map(({ id, title, about }) =>
          make(
            'label',
            { class: 'choice' },
            make('input', { type: 'radio', name: 'offer', value: id, required: true }),
            make('span', {}, make('strong', {}, title), about && make('small', {}, about)),
          ),
        ),
      ),
    phone &&
      others.length > 0 &&
      field(
        texts.country,
        make(
          'select',
          { name: 'country', autocomplete: 'country' },
          form.countries.map(({ code, name, callingCode }) =>
            make('option', { value: code }, `${name} (${callingCode})`),
          ),
        ),
      ),
    field(
      label,
      make('input', { name: 'address', type: kind, inputmode: kind, autocomplete: kind, required: true }),
    ),
    form.consent &&
      make(
        'label',
        { class: 'agree' },
        make('input', { type: 'checkbox', name: 'consent', required: true }),
        make('span', {}, form.consent),
      ),
  ];
}

function draw(form, entered) {
  const { texts } = form;
  const said = make('p', { role: 'status', class: 'said' });
  const button = make('button', { type: 'submit' }, entered ? texts.confirm : texts.get);
  const passcode = entered && [
    field(
      texts.passcode,
      make('input', {
        name: 'passcode',
        inputmode: 'numeric',
        autocomplete: 'one-time-code',
        maxlength: 12,
        required: true,
        'data-focus': true,
      }),
    ),
  ];
  const submit = async (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    said.textContent = texts.working;
    const { elements } = view.querySelector('form');
    const body = entered ?? {
      campaignId: campaign,
      recipient: {
        [form.channel === 'sms' ? 'phone' : 'email']: elements.address.value,
        ...(elements.country && { country: elements.country.value }),
        languageCode: form.lang,
      },
      ...(elements.offer?.value && { offerId: elements.offer.value }),
      ...(form.consent && { consent: elements.consent.checked }),
      source: sourceOf(),
    };
    try {
      const once = entered
        ? { passcode: elements.passcode.value }
        : form.proof && { proof: await solve(form.proof.challenge, form.proof.bits) };
      const answer = await ask(api, { ...body, ...once });
      if (!answer.ok) return await fail(answer.body.code, Boolean(once?.proof));
      host.dispatchEvent(new CustomEvent('claim', { bubbles: true, detail: { status: answer.body.status } }));
      if (answer.body.status === 'passcode_sent') return show(draw(form, body), true);
      show(notice(...ending(form, answer.body)), true);
    } catch {
      await fail();
    }
  };
  const fail = async (code, spent) => {
    if (spent) form.proof = (await load().catch(() => null))?.body.proof ?? form.proof;
    button.removeAttribute('aria-disabled');
    said.textContent = '';
    view.querySelector('.wrong')?.remove();
    const words = make(
      'p',
      { class: 'wrong', role: 'alert', tabindex: -1 },
      form.faults[code] ?? texts.awaySays,
    );
    view.querySelector('form').prepend(words);
    words.focus();
  };
  const view = make(
    'section',
    { class: 'card', lang: form.lang },
    make('h2', {}, form.title),
    !entered && form.discount && make('p', { class: 'discount' }, form.discount),
    make('p', {}, entered ? form.passcodeLead : form.lead),
    make('form', { novalidate: true, submit }, passcode || fieldsOf(form), button, said),
  );
  return view;
}

const complain = (why) => console.error(`Coupon form not shown: ${why}`);

load().then(
  ({ ok, body: form }) => {
    if (!ok) return complain(form.detail);
    if (!form.open) return show(notice(form.headline, form.says));
    for (const [name, value] of Object.entries(form.colors)) host.style.setProperty(`--${name}`, value);
    if (!form.captcha) return show(draw(form));
    // A captcha's box wants a page of its own.
    const link = make(
      'a',
      { class: 'button', href: form.pageUrl, target: '_blank', rel: 'noopener' },
      form.texts.openPage,
    );
    show(make('section', { class: 'card', lang: form.lang }, make('h2', {}, form.title), link));
  },
  (error) => complain(error.message),
);
