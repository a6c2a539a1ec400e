import { headerKind } from './code-headers';

describe('the header of a column', () => {
  it.each([
    ['Coupon', 'coupon_code', 'Voucher', 'Promo Code', 'PROMO-CODE', 'Discount code', 'Gift card number'],
    [
      'Gutschein',
      'GUTSCHEIN-CODE',
      'Code promo',
      'Código',
      'codigo',
      'Código de descuento',
      'Промокод',
      'Код купона',
    ],
    [
      'kortingscode',
      'Codice sconto',
      'Cupom',
      'Kod rabatowy',
      'Slevový kód',
      'rabattkod',
      'クーポンコード',
      '优惠码',
    ],
    [' Code ', '\ufeffcode', '"code"', 'Codes'],
  ])('%s and the like say code', (...headers) =>
    expect(headers.map((header) => headerKind(header))).toEqual(headers.map(() => 'code')),
  );
  it.each([
    ['Expires', 'expiry_date', 'valid_to', 'Valid until', 'date_expires', 'EXPIRES AT', 'End date'],
    [
      'gültig bis',
      'Gültig bis:',
      'Ablaufdatum',
      "Date d'expiration",
      'Válido hasta',
      'Дійсний до',
      'Ważny do',
    ],
    ['geldig tot', 'Data di scadenza', 'Validade', '有効期限'],
  ])('%s and the like say when it ends', (...headers) =>
    expect(headers.map((header) => headerKind(header))).toEqual(headers.map(() => 'expires')),
  );
  it.each(['', '---', 'A1', 'K7PQ4MWX9ZRT', '12345', 'note', 'valid from', 'created_at', 'uses'])(
    '%j says neither',
    (header) => expect(headerKind(header)).toBeUndefined(),
  );
});
