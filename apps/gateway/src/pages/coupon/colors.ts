/** The grounds that coloured text stands on: `--card` of html/base.css by day and by night. */
export const cardLight = '#ffffff';
export const cardDark = '#1c1c22';

type Rgb = readonly [number, number, number];

export const defaultColor = '#3b3fd8';
const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const parse = (hex: string): Rgb =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
const format = (color: Rgb): string =>
  `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  a.map((part, i) => part + (b[i] - part) * share) as unknown as Rgb;

/** Relative luminance as WCAG 2 defines it. */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast of two `#rrggbb`, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(parse(a)), luminance(parse(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** The first step from `color` towards `goal` that is readable (WCAG AA for text, 4.5) on `background`. */
function readableOn(background: string, color: string, goal: Rgb): string {
  for (let share = 0; share < 1; share += 0.05) {
    const step = format(mix(parse(color), goal, share));
    if (contrast(step, background) >= 4.5) return step;
  }
  return format(goal);
}

/** The campaign's colour, and what goes with it: text on it, and itself as text on a light and a dark page. */
export interface Tint {
  accent: string;
  onAccent: string;
  accentOnLight: string;
  accentOnDark: string;
}

export function tintOf(color: string | undefined, light: string, dark: string): Tint {
  const accent = /^#[0-9a-f]{6}$/i.test(color ?? '') ? color!.toLowerCase() : defaultColor;
  return {
    accent,
    // One of the two always reaches 4.5. White goes first: on a strong colour it looks less harsh.
    onAccent: contrast(accent, '#ffffff') >= 4.5 ? '#ffffff' : '#000000',
    accentOnLight: readableOn(light, accent, black),
    accentOnDark: readableOn(dark, accent, white),
  };
}
