import type { ClaimForm } from '../claims/claim-form';
import { html, type Content, type Html } from '../html/html';
import type { ClaimTexts } from './texts/claim-texts';

/** What they have entered so far. */
export interface Entered {
  phone?: string;
  email?: string;
  country?: string;
  offer?: string;
  consent?: boolean;
}

/** Marks the field that a problem is about, and says which text tells of it. */
const faulty = (is: boolean | undefined): Content =>
  is && html` aria-invalid="true" aria-describedby="wrong"`;

export function formFields(form: ClaimForm, entered: Entered, texts: ClaimTexts, code = ''): Content {
  return [
    form.offers.length > 0 && choices(form, entered, texts),
    form.channel === 'sms'
      ? phoneFields(form, entered, texts, /phone|number|country|missing/.test(code))
      : html`<div class="field">
          <label for="email">${texts.email}</label>
          <input
            id="email"
            name="email"
            type="email"
            inputmode="email"
            autocomplete="email"
            required
            value="${entered.email}"
            ${faulty(/email|missing/.test(code))}
          />
        </div>`,
    form.consent &&
      html`<div class="field">
        <label class="agree">
          <input
            type="checkbox"
            name="consent"
            value="yes"
            required
            ${entered.consent && html`checked`}${faulty(/consent/.test(code))}
          />
          <span dir="auto">${form.consent}</span>
        </label>
      </div>`,
  ];
}

/** The digits; what was entered before goes along, for nothing of it is kept here. */
export function passcodeFields(entered: Entered, texts: ClaimTexts, code = ''): Content {
  const kept = { phone: entered.phone, email: entered.email, country: entered.country, offer: entered.offer };
  return [
    Object.entries(kept).map(
      ([name, value]) => value && html`<input type="hidden" name="${name}" value="${value}" />`,
    ),
    entered.consent && html`<input type="hidden" name="consent" value="yes" />`,
    html`<div class="field">
      <label for="passcode">${texts.passcode}</label>
      <input
        class="passcode"
        id="passcode"
        name="passcode"
        type="text"
        inputmode="numeric"
        autocomplete="one-time-code"
        maxlength="12"
        required${faulty(/passcode/.test(code))}
      />
    </div>`,
  ];
}

function phoneFields({ countries }: ClaimForm, entered: Entered, texts: ClaimTexts, wrong: boolean): Html {
  const chosen = countries.find(({ code }) => code === entered.country)?.code ?? countries[0]?.code;
  const several = countries.length > 1;
  return html`${
      several &&
      html`<div class="field">
        <label for="country">${texts.country}</label>
        <select id="country" name="country" autocomplete="country">
          ${countries.map(
            ({ code, callingCode, name }) =>
              html`<option value="${code}" ${code === chosen && html`selected`}>
                ${name} (${callingCode})
              </option>`,
          )}
        </select>
      </div>`
    }
    <div class="field">
      <label for="phone">${texts.phone}</label>
      <div class="number">
        ${!several && countries[0] && html`<span>${countries[0].callingCode}</span>`}
        <input
          id="phone"
          name="phone"
          type="tel"
          inputmode="tel"
          autocomplete="tel"
          required
          value="${entered.phone}"
          ${faulty(wrong)}
        />
      </div>
    </div>`;
}

function choices({ offers }: ClaimForm, { offer }: Entered, texts: ClaimTexts): Html {
  return html`<fieldset>
    <legend>${texts.choose}</legend>
    ${offers.map(
      ({ id, title, about }) =>
        html`<label class="choice">
          <input type="radio" name="offer" value="${id}" required ${id === offer && html`checked`} />
          <span
            ><strong dir="auto">${title}</strong>${about && html`<small dir="auto">${about}</small>`}</span
          >
        </label>`,
    )}
  </fieldset>`;
}
