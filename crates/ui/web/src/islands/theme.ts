// <ui-theme>: the theme switch, in force at once. Without JavaScript its form does the same with a reload.

import { postForm } from '../lib/http';
import { data } from '../lib/data';
import { Island } from '../lib/island';

const NAMES = ['system', 'light', 'dark'];

/** Shows a theme and keeps it for this device. */
export async function setTheme(theme: string): Promise<void> {
  if (!NAMES.includes(theme)) return;
  document.documentElement.dataset['theme'] = theme;
  const scheme = theme === 'system' ? 'light dark' : theme;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute('content', scheme);
  data().theme = theme;
  for (const button of document.querySelectorAll<HTMLButtonElement>('ui-theme button[name="theme"]')) {
    button.setAttribute('aria-pressed', String(button.value === theme));
  }
  const form = document.querySelector<HTMLFormElement>('ui-theme form');
  const token = form?.querySelector<HTMLInputElement>('[name="csrf_token"]')?.value ?? data().csrf;
  await postForm('/auth/preferences', { theme, return_to: location.pathname, csrf_token: token });
}

export class UiTheme extends Island {
  protected override start(): void {
    this.addEventListener('submit', (event) => {
      const button = event.submitter;
      if (!(button instanceof HTMLButtonElement) || button.name !== 'theme') return;
      event.preventDefault();
      void setTheme(button.value);
    });
  }
}

customElements.define('ui-theme', UiTheme);
