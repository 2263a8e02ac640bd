// <ui-confirm data-name="..">: the act's button works once the name is typed. The server checks it again.

import { Island } from '../lib/island';

/** Case and outer space are forgiven, as on the server. */
export function matches(typed: string, name: string): boolean {
  return typed.trim().toLowerCase() === name.trim().toLowerCase();
}

export class UiConfirm extends Island {
  protected override start(): void {
    const input = this.querySelector('input');
    const form = this.closest('form');
    const button = form?.querySelector<HTMLButtonElement>('button[type="submit"]');
    if (!input || !form || !button) return;
    const update = () => {
      button.disabled = !matches(input.value, this.dataset['name'] ?? '');
    };
    input.addEventListener('input', update);
    this.closest('dialog')?.addEventListener('close', () => {
      input.value = '';
      update();
    });
    update();
  }
}

customElements.define('ui-confirm', UiConfirm);
