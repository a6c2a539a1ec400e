interface Answer {
  status: number;
  body: unknown;
}
export type Call = (method: string, path: string, body?: object) => Promise<Answer>;

export interface Presentation {
  key: string;
  campaign: string;
  household: string;
  product: string;
  day: string;
  receipt: string;
}
export interface Dataset {
  campaigns: { id: string; type: string; from: string; to: string }[];
  coupons: { key: string; campaign: string; household: string; product: string | undefined }[];
  presented: Presentation[];
}
export interface DemoLine {
  campaign: string;
  group: { campaign: string; source: string | null };
  issued: number;
  redeemed: number;
}

export function replay(
  call: Call,
  dataset: Dataset,
  say?: (line: string) => void,
): Promise<{ outcomes: (Presentation & { outcome: string })[]; accepted: number; funnel: DemoLine[] }>;
