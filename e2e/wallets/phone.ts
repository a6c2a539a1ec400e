import { randomBytes } from 'node:crypto';
import { openPkpass, type PassJson, type Pkpass } from './pkpass';

/** An iPhone as Apple's documentation describes what it asks: it knows the pass and nothing else. */
export class Phone {
  readonly device = randomBytes(16).toString('hex');
  pushToken = randomBytes(32).toString('hex');
  lastModified?: string;
  lastUpdated?: string;
  /** Of the pass as it was fetched last. */
  files: Pkpass['files'] = {};

  constructor(public pass: PassJson) {}

  register(pass: PassJson = this.pass): Promise<Response> {
    return this.call('POST', this.registration(pass), { pushToken: this.pushToken });
  }

  unregister(): Promise<Response> {
    return this.call('DELETE', this.registration(this.pass));
  }

  /** The serial numbers of what has changed since it asked last. */
  async whatChanged(): Promise<string[]> {
    const since = this.lastUpdated ? `?passesUpdatedSince=${encodeURIComponent(this.lastUpdated)}` : '';
    const path = `devices/${this.device}/registrations/${this.pass.passTypeIdentifier}${since}`;
    const response = await fetch(`${this.pass.webServiceURL}/v1/${path}`);
    if (response.status === 204) return [];
    const body = (await response.json()) as { serialNumbers: string[]; lastUpdated: string };
    this.lastUpdated = body.lastUpdated;
    return body.serialNumbers;
  }

  /** 200 with a pass, which it keeps, or 304. */
  async fetchPass(): Promise<number> {
    const { passTypeIdentifier, serialNumber } = this.pass;
    const response = await this.call('GET', `passes/${passTypeIdentifier}/${serialNumber}`, undefined, {
      ...(this.lastModified && { 'if-modified-since': this.lastModified }),
    });
    if (response.status === 200) {
      this.lastModified = response.headers.get('last-modified')!;
      const { json, files } = openPkpass(Buffer.from(await response.arrayBuffer()));
      [this.pass, this.files] = [json, files];
    }
    return response.status;
  }

  call(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.pass.webServiceURL}/v1/${path}`, {
      method,
      headers: {
        authorization: `ApplePass ${this.pass.authenticationToken}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
  }

  private registration({ passTypeIdentifier, serialNumber }: PassJson): string {
    return `devices/${this.device}/registrations/${passTypeIdentifier}/${serialNumber}`;
  }
}
