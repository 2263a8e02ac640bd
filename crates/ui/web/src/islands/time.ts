// Keeps "5 minutes ago" true while the page is open.

import { data, word } from '../lib/data';

const STEPS: [number, Intl.RelativeTimeFormatUnit][] = [
  [365 * 86_400, 'year'],
  [30 * 86_400, 'month'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** A moment as people say it; the same rounding as the server's. */
export function relative(at: Date, now: Date, lang: string): string {
  const delta = Math.trunc((at.getTime() - now.getTime()) / 1000);
  const seconds = Math.abs(delta);
  for (const [size, unit] of STEPS) {
    if (seconds >= size) {
      const count = Math.floor(seconds / size) * Math.sign(delta);
      const numeric = unit === 'day' ? 'auto' : 'always';
      return new Intl.RelativeTimeFormat(lang, { numeric }).format(count, unit);
    }
  }
  return word('ui-now');
}

/** Rewrites all times within `root`. */
export function refresh(root: ParentNode = document): void {
  const now = new Date();
  for (const node of root.querySelectorAll<HTMLTimeElement>('time[data-relative]')) {
    const at = new Date(node.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const text = relative(at, now, data().lang);
    if (node.textContent !== text) node.textContent = text;
  }
}

/** Refreshes now and then, but not in a tab nobody looks at. */
export function startTimes(): void {
  setInterval(() => {
    if (document.visibilityState === 'visible') refresh();
  }, 30_000);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') refresh();
  });
}
