/** Times, numbers and durations as the person reads them. */

import type { Hass } from './hass';

const UNITS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function zone(hass: Hass): { timeZone?: string } {
  return hass.locale.time_zone === 'server' ? { timeZone: hass.config.time_zone } : {};
}

function cycle(hass: Hass): { hourCycle?: 'h12' | 'h23' } {
  const format = hass.locale.time_format;
  return format === '12' ? { hourCycle: 'h12' } : format === '24' ? { hourCycle: 'h23' } : {};
}

// Making a formatter takes far longer than using it.
const formatters = new Map<string, unknown>();

function formatter<T>(make: new (language: string, options: object) => T, language: string, options: object): T {
  const key = `${make.name} ${language} ${JSON.stringify(options)}`;
  let known = formatters.get(key) as T | undefined;
  if (!known) formatters.set(key, (known = new make(language, options)));
  return known;
}

/** "2 min. ago"; undefined for what is nearer than a minute. */
export function ago(hass: Hass, time: number, now: number): string | undefined {
  const seconds = Math.round((now - time) / 1000);
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? [];
  if (!unit || !length) return undefined;
  const format = formatter(Intl.RelativeTimeFormat, hass.locale.language, { style: 'short', numeric: 'always' });
  return format.format(-Math.floor(seconds / length), unit);
}

/** "22 Nov, 14:03:12", or "14:03:12" of today. */
export function dateTime(hass: Hass, time: number, now: number, options: { seconds?: boolean } = {}): string {
  const { language } = hass.locale;
  const day = formatter(Intl.DateTimeFormat, language, { dateStyle: 'short', ...zone(hass) });
  return formatter(Intl.DateTimeFormat, language, {
    ...(day.format(time) === day.format(now) ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(options.seconds === false ? {} : { second: '2-digit' }),
    ...zone(hass),
    ...cycle(hass),
  }).format(time);
}

/** All that is to say about a time, as a tooltip does. */
export function exactTime(hass: Hass, time: number): string {
  const options = { dateStyle: 'full', timeStyle: 'long', ...zone(hass) };
  return formatter(Intl.DateTimeFormat, hass.locale.language, options).format(time);
}

/** Compares names as the person's language orders them, numbers in them by their value. */
export function byName(hass: Hass): (a: string, b: string) => number {
  return formatter(Intl.Collator, hass.locale.language, { numeric: true }).compare;
}

/** The time zone's day of a text like 2026-11-22: when it begins, and when it ends. */
export function dayOf(text: string): { start: string; stop: string } {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  return {
    start: new Date(year, month - 1, day).toISOString(),
    stop: new Date(year, month - 1, day + 1).toISOString(),
  };
}

export function number(hass: Hass, value: number): string {
  return formatter(Intl.NumberFormat, hass.locale.language, {}).format(value);
}

/** "10 sec", "2 hr": whole units, the largest that fits. */
export function duration(hass: Hass, seconds: number): string {
  // Two units to the last: "24 hr" says more than "1 day".
  const [unit, length] = UNITS.find(([, each]) => seconds >= 2 * each) ?? (['second', 1] as const);
  const value = Math.round((seconds / length) * (length === 1 ? 1 : 10)) / (length === 1 ? 1 : 10);
  return formatter(Intl.NumberFormat, hass.locale.language, { style: 'unit', unit, unitDisplay: 'short' }).format(
    value,
  );
}

/** The first characters of a long name, enough to recognise it. */
export function short(name: string, characters = 10): string {
  return name.length > characters + 2 ? `${name.slice(0, characters)}…` : name;
}

/** A ledger's title without what stands in brackets: its address. */
export function shortTitle(title: string): string {
  return title.replace(/ \(.*\)$/, '');
}
