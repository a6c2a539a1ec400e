export interface HttpCall {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** The same when the same call is made again. */
  id: string;
}

/** Calls that a caller's definitions ask for, to addresses of her choice. */
export abstract class HttpCaller {
  abstract call(call: HttpCall): Promise<{ status: number; body: string }>;
}
