import { bytesOfId, idOfBytes } from '@tearoff/contracts';

/** A delivery's id as the UUID that the vendor's clients expect: the same 128 bits, so that nothing is looked up. */
export function requestIdOf(deliveryId: string): string {
  const hex = bytesOfId(deliveryId).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Undefined for what is no UUID. */
export function deliveryIdOf(requestId: string): string | undefined {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(requestId)) return undefined;
  return idOfBytes('delivery', Buffer.from(requestId.replaceAll('-', ''), 'hex'));
}
