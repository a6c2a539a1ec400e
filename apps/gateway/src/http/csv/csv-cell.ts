/**
 * A value as a CSV field (RFC 4180). What a spreadsheet would run as a formula gets an apostrophe in front,
 * as OWASP recommends (CSV injection; the full-width forms too): such a cell may have come from a stranger.
 */
export function csvCell(value: string | null): string {
  if (value === null) return '';
  const harmless = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
