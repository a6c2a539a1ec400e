import { barcodeOf, barcodePng } from './barcode';

describe('a barcode', () => {
  it.each([
    ['qrcode', 'K7PQ4MWX9ZRT', 'square'],
    ['code128', 'K7PQ4MWX9ZRT', 'wide'],
    ['ean13', '5901234123457', 'wide'],
    ['datamatrix', 'K7PQ4MWX9ZRT', 'square'],
    ['pdf417', 'K7PQ4MWX9ZRT', 'wide'],
    ['gs1-8112', '001234561234560123456', 'wide'],
    ['gs1-8112', '8112001234561234560123456', 'wide'],
  ] as const)('is drawn as %s when %s fits it', (symbology, code, shape) => {
    expect(barcodeOf(code, symbology)).toMatchObject({ shape });
  });

  it.each([
    ['ean13', 'K7PQ4MWX9ZRT', 'letters'],
    ['ean13', '590123412345', 'a digit short: the till would read one that is not ours'],
    ['ean13', '5901234123450', 'a wrong check digit'],
    ['code128', 'КУПОН12345', 'letters it has not'],
    ['code128', 'K7PQ4MWX9Z'.repeat(4), 'bars thinner than a pixel'],
    ['gs1-8112', '0012345', 'no coupon number'],
    ['datamatrix', 'КУПОН', 'letters that readers misread'],
  ] as const)('is not drawn where it does not fit %s: %s, %s', async (symbology, code, _why) => {
    expect(barcodeOf(code, symbology)).toBeNull();
    expect(await barcodePng(code, symbology)).toBeNull();
  });

  it('is black on white of its own, with a quiet zone, whatever the page looks like', () => {
    const { svg } = barcodeOf('K7PQ4MWX9ZRT', 'qrcode')!;
    expect(svg).toMatch(
      /^<svg xmlns="[^"]+" viewBox="0 0 58 58"><rect width="58" height="58" fill="#fff"\/><path/,
    );
  });

  it('takes any code a shop may have imported', async () => {
    for (const code of ['"><script>', "'; drop table --", '%^FNC1', '💸💸', 'a b-c', 'x'.repeat(100)]) {
      const { svg } = barcodeOf(code, 'qrcode')!;
      expect(svg).not.toMatch(/script|drop/);
      await expect(barcodePng(code, 'qrcode')).resolves.toBeInstanceOf(Buffer);
      expect(barcodeOf(code, 'code128')?.svg ?? '').not.toMatch(/script|drop/);
    }
  });

  it('comes as PNG too', async () => {
    const png = (await barcodePng('K7PQ4MWX9ZRT', 'qrcode'))!;
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(232);
  });
});
