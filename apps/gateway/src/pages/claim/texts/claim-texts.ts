/** What the claim page and the widget say. Neutral on whether the reader has claimed before: nobody is told. */
export interface ClaimTexts {
  get: string;
  bySms: string;
  byEmail: string;
  phone: string;
  email: string;
  country: string;
  choose: string;
  surprise: string;
  consent: string;
  working: string;
  accepted: string;
  acceptedSms: string;
  acceptedEmail: string;
  sameAgain: string;
  passcodeSms: string;
  passcodeEmail: string;
  passcode: string;
  confirm: string;
  /** The message that brings it; `{code}` stands for the digits. */
  passcodeMessage: string;
  paused: string;
  pausedSays: string;
  ended: string;
  endedSays: string;
  halted: string;
  haltedSays: string;
  unknown: string;
  unknownSays: string;
  away: string;
  awaySays: string;
  scriptNeeded: string;
  openPage: string;
  wrong: {
    phone: string;
    email: string;
    country: string;
    offer: string;
    consent: string;
    passcode: string;
    again: string;
    tooMany: string;
  };
}
