export interface Folding {
  ignorePlus?: boolean;
  ignoreDots?: boolean;
}

/** The address by which a person is distinguished from others; they are written to at the one they gave. */
export function foldedEmail(email: string, { ignorePlus, ignoreDots }: Folding): string {
  const at = email.lastIndexOf('@');
  let name = email.slice(0, at);
  if (ignorePlus) name = name.replace(/(?<=.)\+.*$/, '');
  if (ignoreDots) name = name.replaceAll('.', '');
  return name + email.slice(at);
}
