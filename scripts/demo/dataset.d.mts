import type { Dataset } from './replay.mjs';

export function readDataset(folder: string, only?: (campaign: string) => boolean): Dataset;
