/** What a column of a file holds, by its header. `weak` names count only where no other does. */
export type HeaderKind = 'code' | 'weak' | 'expires';

/** The words of shops and languages, some on each line; compared without case, accents, spaces and signs. */
const words: Record<HeaderKind, readonly string[]> = {
  code: [
    'code, codes, coupon, coupons, coupon code, coupon codes, coupon number, coupon no, voucher, vouchers',
    'voucher code, voucher codes, voucher number, voucher id, coupon id, promo, promo code, promo codes',
    'promotion code, promotional code, promotion, promocode, discount code, discount codes, discount',
    'offer code, gift code, gift card, gift card code, gift card number, gift voucher, unique code',
    'redemption code, referral code, serial number, barcode, bar code, ean, ean13, ean 13, serial',
    'activation code, ticket code, reward code',
    // German
    'Gutschein, Gutscheine, Gutscheincode, Gutscheincodes, Gutscheinnummer, Gutschein-Code, Rabattcode',
    'Aktionscode, Kupon, Kuponcode, Couponcode, Vouchercode, Promocode, Einlösecode',
    // French
    'code promo, code promotionnel, code de réduction, code réduction, bon de réduction, bon, code coupon',
    'code avantage, code cadeau, chèque cadeau, bon d’achat, code-barres, codes promo',
    // Spanish, Portuguese, Italian
    'código, códigos, cupón, cupones, código de cupón, código cupón, código promocional, vale',
    'código de descuento, código descuento, código promo, tarjeta regalo, código de barras, cupom, cupons',
    'cupão, código do cupom, código de cupom, código de desconto, código do vale, codice, codici',
    'codice sconto, codice promozionale, codice promo, codice coupon, buono, buono sconto, codice buono',
    'codice a barre, buono regalo',
    // Dutch, Scandinavian, Finnish
    'kortingscode, kortingscodes, kortingsbon, waardebon, actiecode, cadeaubon, cadeaucode, tegoedbon',
    'streepjescode, kod, koder, rabattkod, kampanjkod, kupongkod, presentkort, kode, rabatkode',
    'rabattkode, kuponkode, kupongkode, gavekort, værdikupon, kampagnekode, koodi, alennuskoodi, kuponki',
    'kuponkikoodi, lahjakortti, etukoodi',
    // Slavic languages, Hungarian, Romanian, Turkish, Greek
    'код, коди, коды, промокод, промокоди, промокоды, купон, купони, купоны, ваучер, код купона',
    'код ваучера, код знижки, код скидки, штрихкод, штрих-код, промо-код, сертифікат, kody, kod rabatowy',
    'kody rabatowe, kod promocyjny, kupon, kupony, kod kuponu, voucher kod, kód, kódy, slevový kód',
    'slevový kupón, kupón, poukaz, zľavový kód, zľavový kupón, kuponkód, kedvezménykód, cod, coduri',
    'cod promoțional, cod de reducere, cod cupon, cupon, kupon kodu, indirim kodu, promosyon kodu',
    'hediye kodu, κωδικός, κουπόνι, κωδικός κουπονιού',
    // Asian languages
    'コード, クーポン, クーポンコード, クーポン番号, 优惠码, 优惠券, 优惠券代码, 优惠券码, 折扣码, 代码, 兑换码, 優惠碼, 優惠券, 코드, 쿠폰, 쿠폰코드, 쿠폰 번호, كود',
    'رمز, رمز القسيمة, קוד, קופון',
  ],
  // Talon.One names the code `value`, WooCommerce `post_title`, Shopify's list of discounts `Name`.
  weak: ['value, post title, name, title, number, nummer, numéro, número, numero, номер, id'],
  expires: [
    'expires, expiry, expiry date, expiration, expiration date, expires at, expires on, expire',
    'date expires, expire date, valid to, valid until, valid till, valid thru, valid through, end, ends',
    'ends at, ends on, end date, end time, good until, use by, redeem by, gültig bis, Ablaufdatum',
    'läuft ab, läuft ab am, Ablauf, Verfallsdatum, Verfall, Enddatum, gültig bis zum, einlösbar bis',
    'Gültigkeitsende, Ende, date d’expiration, date expiration, expire le, valable jusqu’au',
    'valide jusqu’au, date de fin, fin de validité, date limite, fin, caducidad, fecha de caducidad',
    'vence, vencimiento, fecha de vencimiento, válido hasta, expira, fecha de expiración, fecha fin',
    'fecha de fin, expiración, caduca, validade, válido até, expira em, data de validade',
    'data de expiração, data de vencimento, scadenza, data di scadenza, data scadenza, valido fino al',
    'valido fino a, scade, scade il, vervaldatum, verloopt op, geldig tot, geldig tot en met, geldig t/m',
    'einddatum, vervalt op, giltig till, giltigt till, utgångsdatum, gyldig til, udløbsdato, utløpsdato',
    'voimassa asti, viimeinen käyttöpäivä, päättyy, дійсний до, дійсна до, діє до, термін дії',
    'дата закінчення, закінчується, придатний до, действителен до, действует до, срок действия',
    'дата окончания, истекает, годен до, ważny do, ważne do, ważność, data ważności, data wygaśnięcia',
    'wygasa, data końcowa, platnost do, platný do, datum vypršení, konec platnosti, lejárat, érvényes',
    'lejárati dátum, expiră la, valabil până la, data expirării, son kullanma tarihi, bitiş tarihi',
    'geçerlilik tarihi, λήξη, ημερομηνία λήξης, ισχύει έως, 有効期限, 有效期, 有效期至, 到期日, 过期时间, 만료일, 유효기간',
  ],
};

/** Latin letters that carry a stroke instead of an accent. */
const strokes: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', æ: 'ae', œ: 'oe', ß: 'ss', ı: 'i' };

/** A header as it is compared: `Code_Promo`, `code promo` and `CODE-PROMO` are one. */
export const headerKey = (header: string): string =>
  header
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[łøđæœßı]/g, (letter) => strokes[letter])
    .replace(/[^\p{L}\p{N}]+/gu, '');

const kinds = new Map<string, HeaderKind>(
  (['weak', 'expires', 'code'] as const).flatMap((kind) =>
    words[kind].flatMap((line) => line.split(', ').map((word) => [headerKey(word), kind] as const)),
  ),
);

/** What the header says that its column holds; undefined = it is none that we know. */
export const headerKind = (header: string): HeaderKind | undefined => kinds.get(headerKey(header));

/** Whether the header itself has a word for code in it, as `Coupon code` has beside a column `Discount`. */
export const saysCode = (header: string): boolean =>
  /code|kod|cod|код|κωδ|コード|码|碼|코드/.test(headerKey(header));

/** Whether it is `code` and nothing else. */
export const isPlainCode = (header: string): boolean => /^(code|codes)$/.test(headerKey(header));
