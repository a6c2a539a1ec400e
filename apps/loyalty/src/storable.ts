import { Injectable, type PipeTransform } from '@nestjs/common';

const unstorable = /\\u(0000|d[89a-f][0-9a-f]{2})/i;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A command's request as PostgreSQL can keep it: without NULs and halves of characters, which it refuses. */
@Injectable()
export class StorablePipe implements PipeTransform {
  transform(value: unknown): unknown {
    return storable(value);
  }
}

/** The value itself when there is nothing to mend. */
export function storable(value: unknown): unknown {
  const json = JSON.stringify(value) as string | undefined;
  return json !== undefined && unstorable.test(json) ? mended(value) : value;
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return mendedText(value);
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [mendedText(key), mended(member)]));
}

const mendedText = (text: string): string => text.replaceAll('\0', '').replace(loneSurrogate, '\ufffd');
