import type { Call } from './replay.mjs';

export function apiOf(url: string, clientId: string, clientSecret: string): Call;
