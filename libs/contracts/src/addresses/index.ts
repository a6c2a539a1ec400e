export { emailOf, looksLikeEmail } from './email';
export { addressesOfPerson, personKey, phoneKeySql } from './person-key';
export { internationalPhoneOf, phoneNumberOf, phoneOf } from './phone';
export { plainText } from './plain-text';
